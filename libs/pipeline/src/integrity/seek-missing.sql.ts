// Generated from seek-missing.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectSought = statement<
  [start: string | null | undefined, limit: number | null | undefined],
  { sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents c
WHERE c.missing_from <> '{}' AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
  AND c.rejected_at IS NULL
  AND (c.archive_not_before IS NULL OR NOT EXISTS (
    SELECT FROM mediakeep.caches k WHERE k.cache_id = c.cache_id
      AND k.last_seen_at > now() - make_interval(secs => coalesce(
        (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
        86400))))
ORDER BY c.sha256_sum < $1, c.sha256_sum LIMIT $2`)
