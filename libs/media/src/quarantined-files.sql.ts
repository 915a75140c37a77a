// Generated from quarantined-files.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const upsertQuarantined = statement<
  [cacheId: string | null | undefined, files: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.quarantine AS f (cache_id, file_name, sha256_sum, byte_size, reason, media_id)
SELECT DISTINCT ON (g."fileName") $1, g."fileName", g.sha256, g."byteSize", g.reason, g."mediaId"
FROM jsonb_to_recordset($2::jsonb)
  AS g ("fileName" text, sha256 text, "byteSize" bigint, reason text, "mediaId" text)
ORDER BY g."fileName"
ON CONFLICT (cache_id, file_name) DO UPDATE SET reason = excluded.reason,
  media_id = coalesce(excluded.media_id, f.media_id), quarantined_at = now(),
  release_requested_at = NULL, released_at = NULL, removed_at = NULL`)

export const updateReleased = statement<
  [cacheId: string | null | undefined, fileName: string | null | undefined, sha256: string | null | undefined, isHere: boolean | null | undefined],
  object
>(`
WITH ended AS (
  UPDATE mediakeep.quarantine f SET released_at = CASE WHEN $4 THEN now() END,
    removed_at = CASE WHEN NOT $4 THEN now() END
  WHERE f.cache_id = $1 AND f.file_name = $2)
UPDATE mediakeep.contents c SET cache_id = $1, inspected_at = NULL, inspect_not_before = now()
WHERE c.sha256_sum = $3 AND $4 AND c.rejected_at IS NULL`)

export const updateQuarantineLink = statement<
  [sha256: string | null | undefined, url: string | null | undefined, actor: string | null | undefined],
  object
>(`
WITH archived AS (
  UPDATE mediakeep.contents c SET archive_url = $2, archived_at = now(), archive_verified_at = now(),
    archive_missing_since = NULL, archive_error = NULL
  WHERE c.sha256_sum = $1 AND c.rejected_at IS NOT NULL
    AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
  RETURNING c.sha256_sum)
INSERT INTO mediakeep.custody_inbox (kind, subject, actor)
SELECT 'archived', 'content:' || a.sha256_sum, $3::jsonb FROM archived a`)

export const updateRemoved = statement<
  [cacheId: string | null | undefined, fileName: string | null | undefined],
  object
>(`
UPDATE mediakeep.quarantine SET removed_at = now()
WHERE cache_id = $1 AND file_name = $2 AND released_at IS NULL AND release_requested_at IS NULL`)
