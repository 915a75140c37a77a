import { cachePath, type Content } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'

// Rows sent back to their source, or gone there, while another row brought the same bytes again.
const REVIVED = `(m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
  AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now()))`
const UNLINKED = '(m.archive_url IS NULL OR m.archive_url = ANY (a.wrong))'

export interface ArchivedContent {
  readonly content: Content
  /** The URL at which the archive was seen to have it complete. */
  readonly url: string
  /** URLs in rows at which this archive does not have the content. */
  readonly wrongUrls: readonly string[]
}

/**
 * Records in these contents and their rows that the archive has them complete. Rows that were sent back to their
 * source count as fetched again. Ends a lease on the upload.
 */
export async function linkArchived(sql: Sql, contents: readonly ArchivedContent[]): Promise<void> {
  if (contents.length === 0) return
  const archived = contents.map(({ content, url, wrongUrls }) => {
    return { sha256: content.sha256, url, wrong: wrongUrls, path: cachePath(content) }
  })
  await sql.query(
    `WITH archived AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS a (sha256 text, url text, wrong text[], path text)),
     contents AS (
       UPDATE mediakeep.contents q SET archive_url = a.url, archive_verified_at = now(),
         archived_at = CASE WHEN q.archive_url = a.url THEN coalesce(q.archived_at, now()) ELSE now() END,
         archive_missing_since = NULL, missing_from = '{}', archive_attempts = 0, archive_error = NULL,
         archive_not_before = NULL, archive_lease_token = NULL, archive_lease_expires_at = NULL
       FROM archived a WHERE q.sha256_sum = a.sha256),
     before AS MATERIALIZED (
       SELECT m.media_id, m.archive_url, m.fate FROM public.post_media m
       JOIN archived a ON m.sha256_sum = a.sha256 WHERE ${UNLINKED} OR ${REVIVED}
       ORDER BY m.media_id FOR NO KEY UPDATE OF m),
     shown AS (
       UPDATE public.post_media m SET updated_at = now(),
         archive_url = CASE WHEN ${UNLINKED} THEN a.url ELSE m.archive_url END,
         local_file_path = CASE WHEN m.fetched_at IS NULL THEN m.local_file_path
           ELSE coalesce(m.local_file_path, a.path) END,
         fate = CASE WHEN ${REVIVED} THEN 'fetched' ELSE m.fate END,
         fate_reason = CASE WHEN ${REVIVED} THEN NULL ELSE m.fate_reason END,
         fate_at = CASE WHEN ${REVIVED} THEN now() ELSE m.fate_at END,
         download_not_before = CASE WHEN ${REVIVED} THEN NULL ELSE m.download_not_before END
       FROM archived a, before b WHERE m.media_id = b.media_id AND m.sha256_sum = a.sha256
       RETURNING m.media_id, m.post_id, m.fate, m.archive_url, b.fate AS old_fate, b.archive_url AS old_url),
     -- Reported as missing before, with the URL that is right again: only their content changes. Read as it was before.
     returned AS (
       SELECT m.media_id, m.post_id FROM archived a
       JOIN mediakeep.contents q ON q.sha256_sum = a.sha256 AND q.archive_missing_since IS NOT NULL
       JOIN public.post_media m ON m.sha256_sum = a.sha256 AND NOT ${UNLINKED}),
     changed AS (
       SELECT media_id, post_id, 'fate' AS what, old_fate AS old_status, fate AS new_status
       FROM shown WHERE fate <> old_fate
       UNION ALL
       SELECT media_id, post_id, 'archive', NULL, 'archived'
       FROM shown WHERE archive_url IS DISTINCT FROM old_url
       UNION ALL
       SELECT media_id, post_id, 'archive', 'not_archived', 'archived' FROM returned)
     ${reportChanges('SELECT * FROM changed')}`,
    [JSON.stringify(archived)],
  )
}
