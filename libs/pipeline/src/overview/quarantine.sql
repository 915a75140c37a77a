-- @name selectQuarantined
-- @params cacheId isRestricted mediaId postId startDate limit
-- @notNull fileName sha256 byteSize reason quarantinedAt isContent isHere mediaCount mediaIds
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
ORDER BY f.quarantined_at, f.file_name LIMIT $6;
