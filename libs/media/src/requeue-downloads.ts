import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'
import { downloadQueue } from './queues.ts'
import { queueInspections } from './requeue-downloads.sql.ts'

/** Selects media to retry; omitted fields do not restrict. */
export interface DownloadSelection {
  readonly mediaIds?: readonly string[] | undefined
  readonly postIds?: readonly string[] | undefined
  /** Only posts published at this time or later. */
  readonly since?: Date | undefined
  readonly fates?: readonly string[] | undefined
  readonly limit?: number | undefined
  /** Includes fetched ones: a file still in its cache is checked again, a missing one fetched again. */
  readonly force?: boolean | undefined
}

/**
 * Resumes parked inspections of the media: those are already fetched, so a download would not help them.
 *
 * @returns the ids of media whose content will be inspected now
 */
export async function retryInspections(sql: Sql, mediaIds: readonly string[]): Promise<string[]> {
  const retried = await queueInspections(sql, [mediaIds])
  return retried.rows.map(({ id }) => id)
}

/**
 * Puts media back into the download queue and resets their attempts. Media already waiting are left alone, and so
 * are the rows of a content that a person has rejected.
 *
 * @returns the ids of the rows now waiting
 */
export async function requeueDownloads(sql: Sql, selection: DownloadSelection): Promise<string[]> {
  const values: unknown[] = []
  const where = [`q.source_key IS NOT NULL`, `q.fate <> 'waiting'`]
  const restrict = (condition: (parameter: string) => string, value: unknown): void => {
    if (value !== undefined) where.push(condition(`$${values.push(value)}`))
  }
  restrict((ids) => `q.media_id = ANY(${ids}::text[])`, selection.mediaIds)
  restrict((ids) => `q.post_id = ANY(${ids}::text[])`, selection.postIds)
  restrict((since) => `q.posted_at >= ${since}::timestamptz`, selection.since)
  restrict((fates) => `q.fate = ANY(${fates}::text[])`, selection.fates)
  if (!selection.force) where.push(`q.fate <> 'fetched'`)
  const limit = selection.limit === undefined ? '' : `LIMIT $${values.push(selection.limit)}`
  const requeued = await sql.query<{ media_id: string }>(
    `WITH chosen AS MATERIALIZED (
       SELECT q.media_id, q.fate AS was FROM public.post_media q
       WHERE ${where.join(' AND ')} AND NOT EXISTS (SELECT FROM mediakeep.contents c
         WHERE c.sha256_sum = q.sha256_sum AND c.rejected_at IS NOT NULL)
       ORDER BY q.media_id ${limit} FOR UPDATE),
     requeued AS (
       UPDATE public.post_media q SET fate = 'waiting', fate_reason = NULL, fate_at = now(), updated_at = now(),
         download_attempts = 0, ${downloadQueue.ended('NULL')}
       FROM chosen WHERE q.media_id = chosen.media_id RETURNING q.media_id, q.post_id, chosen.was),
     reported AS (${reportChanges(`SELECT r.media_id, r.post_id, 'fate' AS what, r.was AS old_status,
       'waiting' AS new_status FROM requeued r`)})
     SELECT requeued.media_id FROM requeued`,
    values,
  )
  return requeued.rows.map((row) => row.media_id)
}
