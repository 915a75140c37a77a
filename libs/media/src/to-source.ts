import { reportChanges } from './fate.ts'

/**
 * SQL: common table expressions that send the fetched rows of contents back to their source, with an event.
 *
 * @param contents SQL that yields `sha256_sum` and `reason`
 */
export function toSource(contents: string): string {
  return `source AS MATERIALIZED (
       SELECT m.media_id, g.reason FROM (${contents}) g JOIN public.post_media m ON m.sha256_sum = g.sha256_sum
       WHERE m.fate = 'fetched' ORDER BY m.media_id FOR NO KEY UPDATE OF m),
     sent AS (
       UPDATE public.post_media m SET updated_at = now(), fate = 'waiting', fate_at = now(), fate_reason = s.reason,
         download_attempts = 0, download_not_before = NULL,
         download_lease_token = NULL, download_lease_expires_at = NULL
       FROM source s WHERE m.media_id = s.media_id RETURNING m.media_id, m.post_id),
     sent_reported AS (${reportChanges(`SELECT sent.*, 'fate' AS what, 'fetched' AS old_status, 'waiting' AS new_status
       FROM sent`)})`
}
