import { cachePath, type Content } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'

const EVENT = `jsonb_build_object(
  'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'event', 'media_downloaded',
  'status', coalesce(nullif(q.ai_analysis_status, 'pending'), 'not_started'),
  'details', jsonb_build_object('file_size', c.byte_size, 'mime_type', c.mime_type, 'md5_sum', c.md5_sum))`

/**
 * Rows show this content, whose file is in the cache; it joins the archive's queue. Rows that show one already
 * are left alone; a download that is under way loses its lease.
 *
 * @returns the ids of the rows that were changed
 */
export async function settleAdopted(
  sql: Sql,
  cacheId: string,
  content: Content,
  mediaIds: readonly string[],
): Promise<string[]> {
  const settled = await sql.query<{ mediaId: string }>(
    `WITH queued AS (
       UPDATE mediakeep.contents c SET cache_id = $1, archive_not_before = now(), archive_attempts = 0,
         archive_error = NULL
       WHERE c.sha256_sum = $2 AND c.archive_url IS NULL AND c.archive_not_before IS NULL AND c.rejected_at IS NULL)
     UPDATE public.post_media q SET
       fate = CASE WHEN c.rejected_at IS NULL THEN 'fetched' ELSE 'rejected' END,
       fate_reason = c.rejected_reason, fate_at = now(), fetched_at = now(), updated_at = now(),
       media_type = c.media_type, mime_type = c.mime_type, md5_sum = c.md5_sum, sha256_sum = c.sha256_sum,
       width = coalesce(c.width, q.width), height = coalesce(c.height, q.height), byte_size = c.byte_size,
       file_size = CASE WHEN c.byte_size <= 2147483647 THEN c.byte_size::int END,
       local_file_path = $4, archive_url = coalesce(q.archive_url, c.archive_url),
       ai_analysis_log = coalesce(q.ai_analysis_log, '[]') || jsonb_build_array(${EVENT}),
       download_not_before = NULL, download_lease_token = NULL, download_lease_expires_at = NULL
     FROM mediakeep.contents c
     WHERE c.sha256_sum = $2 AND q.media_id = ANY($3) AND (q.fate <> 'fetched' OR q.sha256_sum IS NULL)
     RETURNING q.media_id AS "mediaId"`,
    [cacheId, content.sha256, mediaIds, cachePath(content)],
  )
  return settled.rows.map((row) => row.mediaId)
}
