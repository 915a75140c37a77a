import type { Sql } from '@mediakeep/sql'

/** A content whose bytes are nowhere any more. */
export interface LostContent {
  readonly sha256: string
  readonly reason: string
  /** The archive URL it had; only while it still has it is it lost. */
  readonly archiveUrl?: string | undefined
}

/**
 * The bytes are to be fetched from their sources again: rows go back to `waiting`, their local file cleared.
 * They keep the checksums and the time of their first fetch: that is what they showed. A content whose upload is
 * under way is left alone: its uploader is just finding out.
 */
export async function sendToSource(sql: Sql, lost: readonly LostContent[]): Promise<void> {
  await sql.query(
    `WITH lost AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS l (sha256 text, reason text, "archiveUrl" text)),
     gone AS (
       UPDATE mediakeep.contents c SET archive_url = NULL, archived_at = NULL, archive_verified_at = NULL,
         archive_not_before = NULL, archive_lease_token = NULL, archive_lease_expires_at = NULL,
         archive_attempts = 0, archive_error = l.reason, cache_id = NULL
       FROM lost l WHERE c.sha256_sum = l.sha256 AND c.archive_url IS NOT DISTINCT FROM l."archiveUrl"
         AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
       RETURNING c.sha256_sum, l.reason, l."archiveUrl")
     UPDATE public.post_media m SET updated_at = now(), local_file_path = NULL,
       archive_url = nullif(m.archive_url, g."archiveUrl"),
       fate = 'waiting', fate_at = now(), fate_reason = g.reason,
       download_attempts = 0, download_not_before = NULL,
       download_lease_token = NULL, download_lease_expires_at = NULL
     FROM gone g WHERE m.sha256_sum = g.sha256_sum AND m.fate <> 'rejected'
       AND (m.fate = 'fetched' OR m.local_file_path IS NOT NULL)`,
    [JSON.stringify(lost)],
  )
}

export interface MissingObject {
  readonly sha256: string
  /** Where the archive was to have it, and has not. */
  readonly archiveUrl: string
  /** The cache that uploads it again. */
  readonly cacheId: string
  readonly reason: string
}

/** The archive lacks them: they are uploaded again from a cache. @returns those that were queued */
export async function queueAgain(sql: Sql, missing: readonly MissingObject[]): Promise<string[]> {
  const queued = await sql.query<{ sha256: string }>(
    `WITH missing AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS l (sha256 text, "archiveUrl" text, "cacheId" uuid, reason text)),
     queued AS (
       UPDATE mediakeep.contents c SET archive_url = NULL, archived_at = NULL, archive_verified_at = NULL,
         cache_id = l."cacheId", archive_not_before = now(), archive_attempts = 0, archive_error = l.reason
       FROM missing l WHERE c.sha256_sum = l.sha256 AND c.archive_url = l."archiveUrl"
       RETURNING c.sha256_sum, l."archiveUrl"),
     cleared AS (
       UPDATE public.post_media m SET archive_url = NULL, updated_at = now()
       FROM queued q WHERE m.sha256_sum = q.sha256_sum AND m.archive_url = q."archiveUrl")
     SELECT sha256_sum AS sha256 FROM queued`,
    [JSON.stringify(missing)],
  )
  return queued.rows.map((row) => row.sha256)
}

/**
 * The archive was seen to hold them. Also mends rows that do not bear their content's URL yet.
 * @returns those that still count as archived
 */
export async function markVerified(sql: Sql, sha256s: readonly string[]): Promise<string[]> {
  const verified = await sql.query<{ sha256: string }>(
    `WITH verified AS (
       UPDATE mediakeep.contents c SET archive_verified_at = now()
       WHERE c.sha256_sum = ANY($1) AND c.archive_url IS NOT NULL
       RETURNING c.sha256_sum, c.archive_url),
     mended AS (
       UPDATE public.post_media m SET archive_url = v.archive_url, updated_at = now()
       FROM verified v WHERE m.sha256_sum = v.sha256_sum AND m.archive_url IS NULL)
     SELECT sha256_sum AS sha256 FROM verified`,
    [sha256s],
  )
  return verified.rows.map((row) => row.sha256)
}
