import { uninspected } from '@mediakeep/media'
import type { Conditions } from '@mediakeep/sql'
import { hasFailed } from '../overview/failure-reasons.ts'
import type { FailureStage } from './filter-values.ts'
import { altTextHasWords, contentHasWords, postHasWords, type SearchPlan } from './text-search.ts'

type Given<Value> = Value | null | undefined

/** Conditions that choose media, in the API and on the command line. Media must meet every condition given. */
export interface MediaConditions {
  readonly type?: Given<string>
  readonly status?: Given<string>
  readonly fate?: Given<string>
  /** `content` includes media without a role. */
  readonly role?: Given<string>
  readonly archived?: Given<boolean>
  readonly cached?: Given<boolean>
  readonly inspected?: Given<boolean>
  readonly failure?: Given<{
    readonly stage: FailureStage
    readonly reason?: Given<string>
    readonly analyser?: Given<string>
  }>
  readonly expiresWithinHours?: Given<number>
  readonly md5Sum?: Given<string>
  readonly sha256Sum?: Given<string>
  readonly postId?: Given<string>
  readonly author?: Given<string>
  readonly platform?: Given<string>
  readonly host?: Given<string>
  readonly createdAfter?: Given<Date>
  readonly createdBefore?: Given<Date>
  readonly postedAfter?: Given<Date>
  readonly postedBefore?: Given<Date>
  readonly text?: Given<string>
  readonly search?: Given<string>
  /** Excludes the media item itself; the caller finds the similar contents. */
  readonly similarTo?: Given<{ readonly mediaId: string }>
}

/** SQL over `m`: older tools stored no role, and kept the content of posts alone. */
const CONTENT_ROLE = `coalesce(m.role, 'content') = 'content'`

/** SQL conditions over the alias `m`. */
export function mediaConditions(filter: MediaConditions, plan: SearchPlan = 'index'): Conditions {
  return (bind) => {
    const where: string[] = []
    const restrict = (value: unknown, condition: (parameter: string) => string): void => {
      if (value !== undefined && value !== null) where.push(condition(bind(value)))
    }
    const ofPost = (condition: string): string =>
      `EXISTS (SELECT FROM public.posts f WHERE f.post_id = m.post_id AND ${condition})`
    restrict(filter.type, (type) => `m.media_type = ${type}`)
    // Old writers leave null or `pending`, which means not_started.
    if (filter.status === 'not_started')
      where.push(`coalesce(m.ai_analysis_status, 'pending') IN ('not_started', 'pending')`)
    else restrict(filter.status, (status) => `m.ai_analysis_status = ${status}`)
    restrict(filter.fate, (fate) => `m.fate = ${fate}`)
    if (filter.role === 'content') where.push(CONTENT_ROLE)
    else restrict(filter.role, (role) => `m.role = ${role}`)
    if (typeof filter.archived === 'boolean')
      where.push(`m.archive_url IS ${filter.archived ? 'NOT ' : ''}NULL`)
    if (typeof filter.cached === 'boolean')
      where.push(`m.local_file_path IS ${filter.cached ? 'NOT ' : ''}NULL`)
    if (typeof filter.inspected === 'boolean') where.push(isInspected(filter.inspected))
    if (filter.failure) {
      const { stage, reason, analyser } = filter.failure
      const bound = (text: string | null | undefined): string | undefined =>
        typeof text === 'string' ? bind(text) : undefined
      // PostgreSQL cannot determine the type of a parameter that no condition uses.
      const ofAnalyser = stage === 'analyse' ? bound(analyser) : undefined
      where.push(hasFailed(stage, { reason: bound(reason), analyser: ofAnalyser }))
    }
    restrict(filter.expiresWithinHours, expiresWithin)
    restrict(filter.md5Sum?.toLowerCase(), (md5) => `m.md5_sum = ${md5}`)
    restrict(filter.sha256Sum?.toLowerCase(), (sha256) => `m.sha256_sum = ${sha256}`)
    restrict(filter.postId, (id) => `m.post_id = ${id}`)
    restrict(filter.author, (author) => ofPost(`f.author_username = ${author}`))
    restrict(filter.platform, (platform) => ofPost(`f.platform = ${platform}`))
    restrict(filter.host, (host) => `m.source_host = ${host}`)
    restrict(filter.createdAfter, (time) => `m.created_at >= ${time}::timestamptz`)
    restrict(filter.createdBefore, (time) => `m.created_at < ${time}::timestamptz`)
    restrict(filter.postedAfter, (time) => `m.posted_at >= ${time}::timestamptz`)
    restrict(filter.postedBefore, (time) => `m.posted_at < ${time}::timestamptz`)
    restrict(filter.text, (text) => postHasWords('m.post_id', text, plan))
    restrict(
      filter.search,
      (text) =>
        `(${postHasWords('m.post_id', text, plan)} OR ${altTextHasWords('m', text, plan)}
          OR ${contentHasWords('m.sha256_sum', text, plan)})`,
    )
    restrict(filter.similarTo?.mediaId, (id) => `m.media_id <> ${id}`)
    return where
  }
}

/** SQL condition: a fetched media item is inspected, or is not. Uninspected contents are in the queue of a cache. */
function isInspected(inspected: boolean): string {
  return `(m.fate = 'fetched' AND ${inspected ? 'NOT ' : ''}EXISTS (SELECT FROM mediakeep.contents c
    WHERE c.sha256_sum = m.sha256_sum AND ${uninspected('c')}))`
}

function expiresWithin(hours: string): string {
  return `((m.fate = 'waiting' AND m.source_key IS NOT NULL OR m.fate = 'failed' AND m.download_not_before IS NOT NULL)
    AND m.url_expires_at > now() AND m.url_expires_at < now() + make_interval(hours => ${hours}::int))`
}
