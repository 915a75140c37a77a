import type { Sql } from '@mediakeep/sql'
import { endStretch, selectStretch } from './garbage-stretch.sql.ts'

/** The contents that a pass of garbage collection examines: a part of all, in the order of their creation. */
export interface Stretch {
  /** Parameters of `WITHIN_STRETCH`: the position before the first content, and that of the last. */
  readonly values: readonly [afterAt: string, afterSha256: string, lastAt: string, lastSha256: string]
  /** True if no content follows: the next pass begins at the oldest again. */
  readonly isLast: boolean
}

export const WHOLE: Stretch = { values: ['-infinity', '', 'infinity', ''], isLast: true }

/** SQL over contents `q`, with the values of a stretch as `$4` to `$7`. */
export const WITHIN_STRETCH = `(q.created_at, q.sha256_sum) > ($4::timestamptz, $5::text)
  AND (q.created_at, q.sha256_sum) <= ($6::timestamptz, $7::text)`

export interface StretchOptions {
  readonly cacheId: string
  readonly minAgeSeconds: number
  /** The number of contents in a stretch. */
  readonly contents: number
}

/** Returns the part that follows the one whose end was saved last. */
export async function nextStretch(sql: Sql, options: StretchOptions): Promise<Stretch> {
  const { cacheId, minAgeSeconds, contents } = options
  const { rows } = await selectStretch(sql, [nameOf(cacheId), minAgeSeconds, contents])
  const { afterAt, afterSha256, lastAt, lastSha256 } = rows[0]!
  const isLast = lastAt === null || lastSha256 === null
  return {
    values: [afterAt ?? '-infinity', afterSha256 ?? '', lastAt ?? 'infinity', lastSha256 ?? ''],
    isLast,
  }
}

/** Saves that a stretch was examined: the next pass begins after it. */
export async function saveStretch(sql: Sql, cacheId: string, { values, isLast }: Stretch): Promise<void> {
  const [, , lastAt, lastSha256] = values
  await endStretch(sql, [nameOf(cacheId), isLast ? null : lastAt, isLast ? null : lastSha256])
}

const nameOf = (cacheId: string): string => `reaped_through:${cacheId}`
