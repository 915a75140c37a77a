// Generated from release-quarantined.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectReleasable = statement<
  [cacheId: string | null | undefined],
  { fileName: string; sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
SELECT f.file_name AS "fileName",
  c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.quarantine f JOIN mediakeep.contents c ON c.sha256_sum = f.sha256_sum
WHERE f.cache_id = $1 AND f.release_requested_at IS NOT NULL AND f.released_at IS NULL AND f.removed_at IS NULL
  AND c.rejected_at IS NULL LIMIT 100`)

export const updatePaths = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, path: string | null | undefined],
  object
>(`
UPDATE public.post_media SET local_file_path = $2, updated_at = now()
WHERE media_id = ANY($1::text[]) AND fate = 'fetched'`)
