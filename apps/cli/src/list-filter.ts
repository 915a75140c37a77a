import {
  DEFAULT_DISTANCE,
  type FailureStage,
  mediaConditions,
  planSearch,
  similarContents,
} from '@mediakeep/pipeline'
import type { Conditions, Sql } from '@mediakeep/sql'

/** The options of `mediakeep list` that filter: those of the API's `MediaFilter`, which a test compares. */
export interface ListFilter {
  readonly fate?: string
  readonly type?: string
  readonly status?: string
  readonly role?: string
  readonly author?: string
  readonly platform?: string
  readonly host?: string
  readonly md5?: string
  readonly sha256?: string
  readonly archived?: boolean
  readonly cached?: boolean
  readonly inspected?: boolean
  readonly failedAt?: FailureStage
  readonly reason?: string
  readonly analyser?: string
  readonly expiresWithin?: number
  readonly createdAfter?: Date
  readonly createdBefore?: Date
  readonly postedBefore?: Date
  readonly text?: string
  readonly search?: string
  readonly similarTo?: string
  readonly maxDistance?: number
}

/** SQL over `m` for the filter; looks up what searches and similarity need first. */
export async function listConditions(sql: Sql, filter: ListFilter): Promise<Conditions> {
  const { md5, sha256, failedAt, reason, analyser, expiresWithin, similarTo, search, text } = filter
  const words = search ?? text
  const plan = words === undefined ? 'index' : await planSearch(sql, words, search !== undefined)
  const { maxDistance = DEFAULT_DISTANCE } = filter
  const near = similarTo === undefined ? undefined : await similarContents(sql, similarTo, maxDistance)
  const conditions = mediaConditions(
    {
      ...filter,
      md5Sum: md5,
      sha256Sum: sha256,
      failure: failedAt && { stage: failedAt, reason, analyser },
      expiresWithinHours: expiresWithin,
      similarTo: similarTo === undefined ? undefined : { mediaId: similarTo },
    },
    plan,
  )
  if (near === undefined) return conditions
  return (bind) => [
    ...conditions(bind),
    `m.sha256_sum = ANY (${bind(near.map(({ sha256 }) => sha256))}::text[])`,
  ]
}
