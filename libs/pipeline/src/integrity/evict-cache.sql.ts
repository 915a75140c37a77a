// Generated from evict-cache.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectVerified = statement<
  [names: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents c
WHERE c.name = ANY($1) AND c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL
  AND c.archive_verified_at IS NOT NULL`)
