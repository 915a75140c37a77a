// Generated from quarantine.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectQuarantined = statement<
  [cacheId: string | null | undefined, isRestricted: boolean | null | undefined, mediaId: string | null | undefined, postId: string | null | undefined, startDate: Date | string | null | undefined, limit: number | null | undefined],
  { fileName: string; sha256: string; byteSize: number; reason: string; quarantinedAt: Date; isContent: boolean; isHere: boolean; mediaCount: number; mediaIds: string[] }
>(`
SELECT f.file_name AS "fileName", f.sha256_sum AS sha256, f.byte_size AS "byteSize", f.reason,
  f.quarantined_at AS "quarantinedAt", c.sha256_sum IS NOT NULL AS "isContent",
  f.removed_at IS NULL AS "isHere", shown."mediaCount", shown."mediaIds"
FROM mediakeep.quarantine f LEFT JOIN mediakeep.contents c ON c.sha256_sum = f.sha256_sum
CROSS JOIN LATERAL (
  SELECT count(*) AS "mediaCount", coalesce((array_agg(m.media_id ORDER BY m.media_id))[1:10], '{}') AS "mediaIds"
  FROM (SELECT m.media_id, m.post_id, m.posted_at FROM public.post_media m WHERE m.sha256_sum = f.sha256_sum
    UNION SELECT m.media_id, m.post_id, m.posted_at FROM public.post_media m WHERE m.media_id = f.media_id) m
  WHERE ($3::text IS NULL OR m.media_id = $3) AND ($4::text IS NULL OR m.post_id = $4)
    AND ($5::timestamptz IS NULL OR m.posted_at >= $5)) shown
WHERE f.cache_id = $1 AND f.released_at IS NULL AND ($2 OR shown."mediaCount" > 0)
  AND (f.removed_at IS NULL OR (c.rejected_at IS NOT NULL AND c.archive_url IS NOT NULL))
ORDER BY f.quarantined_at, f.file_name LIMIT $6`)
