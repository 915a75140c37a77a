import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'
import { LIVING_CACHE } from './caches.ts'
import { unarchived } from './queues.ts'
import { toSource } from './to-source.ts'

/** A content that neither the archive nor a given cache could provide. */
export interface AbsentContent {
  readonly sha256: string
  readonly reason: string
  /** Its archive URL when it was checked; a content whose URL has changed since is left alone. */
  readonly archiveUrl?: string | undefined
  /** The cache that was checked and lacks the file; defaults to the cache in the content's row. */
  readonly cacheId?: string | undefined
}

/**
 * Finds the next place to get the bytes from: another cache in use, by queueing the upload there, and if none is
 * left, the source. Rows then go back to `waiting`. No place is forgotten: `archive_url`, `local_file_path`, checksums
 * and the time of the first fetch stay, and a copy that reappears is linked again. A content whose upload is running is
 * left alone: its uploader will find out.
 *
 * @returns the next place for each content that was changed
 */
export async function seekElsewhere(
  sql: Sql,
  absent: readonly AbsentContent[],
): Promise<Map<string, 'upload' | 'fetch'>> {
  if (absent.length === 0) return new Map()
  const sought = await sql.query<{ sha256: string; next: 'upload' | 'fetch' }>(
    `WITH absent AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS a (sha256 text, reason text, "archiveUrl" text, "cacheId" uuid)),
     locked AS MATERIALIZED (
       SELECT c.sha256_sum, c.cache_id, c.inspected_at IS NOT NULL AND c.rejected_at IS NULL AS is_archivable, a.reason,
         c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS was_archived,
         CASE WHEN coalesce(a."cacheId", c.cache_id) = ANY (c.missing_from) THEN c.missing_from
           ELSE c.missing_from || array_remove(ARRAY[coalesce(a."cacheId", c.cache_id)], NULL) END AS missing_from
       FROM absent a JOIN mediakeep.contents c ON c.sha256_sum = a.sha256
       WHERE c.archive_url IS NOT DISTINCT FROM a."archiveUrl"
         AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
       ORDER BY c.sha256_sum FOR UPDATE OF c),
     sought AS MATERIALIZED (
       SELECT l.*, k.cache_id AS next_id FROM locked l
       LEFT JOIN LATERAL (
         SELECT k.cache_id FROM mediakeep.caches k
         WHERE l.is_archivable AND ${LIVING_CACHE} AND NOT k.cache_id = ANY (l.missing_from)
         ORDER BY k.cache_id IS NOT DISTINCT FROM l.cache_id DESC, k.last_seen_at DESC LIMIT 1) k ON true),
     contents AS (
       UPDATE mediakeep.contents c SET missing_from = s.missing_from, archive_error = s.reason,
         archive_missing_since = CASE WHEN c.archive_url IS NOT NULL
           THEN coalesce(c.archive_missing_since, now()) END,
         -- A cache that is not in use keeps its claim: it uploads the file when it is back.
         cache_id = coalesce(s.next_id, ${UNASKED}),
         archive_not_before = CASE WHEN s.is_archivable AND coalesce(s.next_id, ${UNASKED}) IS NOT NULL THEN now() END,
         archive_attempts = CASE WHEN c.cache_id = s.next_id THEN c.archive_attempts ELSE 0 END,
         archive_lease_token = NULL, archive_lease_expires_at = NULL
       FROM sought s WHERE c.sha256_sum = s.sha256_sum),
     lost_reported AS (${reportNotArchived('SELECT s.sha256_sum FROM sought s WHERE s.was_archived')}),
     ${toSource(`SELECT s.sha256_sum, s.reason FROM sought s WHERE s.next_id IS NULL`)}
     SELECT sha256_sum AS sha256, CASE WHEN next_id IS NULL THEN 'fetch' ELSE 'upload' END AS next FROM sought`,
    [JSON.stringify(absent)],
  )
  return new Map(sought.rows.map(({ sha256, next }) => [sha256, next]))
}

/** SQL: reports that media no longer count as archived. @param contents SQL that yields `sha256_sum` */
function reportNotArchived(contents: string): string {
  return reportChanges(`SELECT m.media_id, m.post_id, 'archive' AS what, 'archived' AS old_status,
      'not_archived' AS new_status
    FROM (${contents}) l JOIN public.post_media m ON m.sha256_sum = l.sha256_sum WHERE m.archive_url IS NOT NULL`)
}

const UNASKED = 'CASE WHEN NOT c.cache_id = ANY (s.missing_from) THEN c.cache_id END'

export interface MissingObject {
  readonly sha256: string
  /** The URL at which the archive should have it complete, but does not. */
  readonly archiveUrl: string
  /** The cache that will upload it again. */
  readonly cacheId: string
  readonly reason: string
}

/**
 * For contents that the archive lacks or holds damaged: queues another upload from a cache. Until then they keep the
 * URL, and the time since it has been missing. @returns the queued ones
 */
export async function queueAgain(sql: Sql, missing: readonly MissingObject[]): Promise<string[]> {
  const queued = await sql.query<{ sha256: string }>(
    `WITH missing AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS l (sha256 text, "archiveUrl" text, "cacheId" uuid, reason text)),
     queued AS (
       UPDATE mediakeep.contents c SET archive_missing_since = coalesce(c.archive_missing_since, now()),
         cache_id = l."cacheId", missing_from = array_remove(c.missing_from, l."cacheId"),
         archive_not_before = now(), archive_attempts = 0, archive_error = l.reason
       FROM missing l WHERE c.sha256_sum = l.sha256 AND c.archive_url = l."archiveUrl"
         AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
       RETURNING c.sha256_sum),
     -- The contents as they were before this statement.
     reported AS (${reportNotArchived(`SELECT q.sha256_sum FROM queued q JOIN mediakeep.contents c USING (sha256_sum)
       WHERE c.archive_missing_since IS NULL`)})
     SELECT queued.sha256_sum AS sha256 FROM queued`,
    [JSON.stringify(missing)],
  )
  return queued.rows.map((row) => row.sha256)
}

/**
 * Records that the archive has these contents. Also repairs rows that lack their content's URL.
 * @returns those that still count as archived
 */
export async function markVerified(sql: Sql, sha256s: readonly string[]): Promise<string[]> {
  const verified = await sql.query<{ sha256: string }>(
    `WITH verified AS (
       UPDATE mediakeep.contents c SET archive_verified_at = now()
       WHERE c.sha256_sum = ANY($1) AND NOT ${unarchived('c')}
       RETURNING c.sha256_sum, c.archive_url),
     mended AS (
       UPDATE public.post_media m SET archive_url = v.archive_url, updated_at = now()
       FROM verified v WHERE m.sha256_sum = v.sha256_sum AND m.archive_url IS NULL)
     SELECT sha256_sum AS sha256 FROM verified`,
    [sha256s],
  )
  return verified.rows.map((row) => row.sha256)
}
