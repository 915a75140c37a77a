// Generated from collect-garbage.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectLeftovers = statement<
  [cacheId: string | null | undefined, minAgeSeconds: number | null | undefined, archivePrefix: string | null | undefined],
  { sha256: string; md5: string; byteSize: number; name: string; mediaType: 'image' | 'video' | 'audio' | 'document'; mimeType: string; extension: string; width: number | null; height: number | null; durationMs: number | null; cacheId: string | null; archiveUrl: string | null; isMissing: boolean }
>(`
SELECT q.sha256_sum AS sha256, q.md5_sum AS md5, q.byte_size AS "byteSize", q.name, q.media_type AS "mediaType",
  q.mime_type AS "mimeType", q.extension, q.width, q.height, q.duration_ms AS "durationMs", q.cache_id AS "cacheId",
  q.archive_url AS "archiveUrl", q.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents q
WHERE (q.cache_id = $1 OR q.cache_id IS NULL) AND q.created_at < now() - make_interval(secs => $2)
  AND (q.archive_url IS NULL OR starts_with(q.archive_url, $3))
  AND NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = q.sha256_sum)`)
