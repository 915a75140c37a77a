// Generated from absence-guard.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectArchivedSample = statement<
  [start: string | null | undefined, window: number | null | undefined, archivePrefix: string | null | undefined, limit: number | null | undefined],
  { sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM (
  (SELECT * FROM mediakeep.contents WHERE sha256_sum >= $1 ORDER BY sha256_sum LIMIT $2)
  UNION ALL
  (SELECT * FROM mediakeep.contents WHERE sha256_sum < $1 ORDER BY sha256_sum LIMIT $2)
  LIMIT $2) c
WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AND starts_with(c.archive_url, $3)
LIMIT $4`)
