import { appendToLog } from '@mediakeep/analysis-status'
import { cachePath, type Content } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'
import { DOWNLOADED_EVENT, queueContents } from './queue-contents.ts'

/**
 * Makes rows show this content, whose file is in the cache, and queues it for inspection or the archive. Rows that
 * already show a content are left alone; a running download loses its lease.
 *
 * @returns the ids of the changed rows
 */
export async function settleAdopted(
  sql: Sql,
  cacheId: string,
  content: Content,
  mediaIds: readonly string[],
): Promise<string[]> {
  const settled = await sql.query<{ mediaId: string }>(
    `WITH queued AS (${queueContents('$2', '$1::uuid')}),
     old AS MATERIALIZED (
       SELECT q.media_id, q.fate FROM public.post_media q WHERE q.media_id = ANY($3) ORDER BY q.media_id FOR UPDATE),
     settled AS (
     UPDATE public.post_media q SET
       fate = CASE WHEN c.rejected_at IS NULL THEN 'fetched' ELSE 'rejected' END,
       fate_reason = c.rejected_reason, fate_at = now(), fetched_at = now(), updated_at = now(),
       media_type = c.media_type, mime_type = c.mime_type, md5_sum = c.md5_sum, sha256_sum = c.sha256_sum,
       width = coalesce(c.width, q.width), height = coalesce(c.height, q.height), byte_size = c.byte_size,
       file_size = CASE WHEN c.byte_size <= 2147483647 THEN c.byte_size::int END,
       local_file_path = $4, archive_url = coalesce(q.archive_url, c.archive_url),
       ai_analysis_log = ${appendToLog('q.ai_analysis_log', DOWNLOADED_EVENT)},
       download_not_before = NULL, download_lease_token = NULL, download_lease_expires_at = NULL
     FROM old, mediakeep.contents c
     WHERE c.sha256_sum = $2 AND q.media_id = old.media_id AND (q.fate <> 'fetched' OR q.sha256_sum IS NULL)
     RETURNING q.media_id, q.post_id, old.fate AS was, q.fate),
     reported AS (${reportChanges(`SELECT s.media_id, s.post_id, 'fate' AS what, s.was AS old_status,
       s.fate AS new_status FROM settled s WHERE s.was <> s.fate`)})
     SELECT media_id AS "mediaId" FROM settled`,
    [cacheId, content.sha256, mediaIds, cachePath(content)],
  )
  return settled.rows.map((row) => row.mediaId)
}
