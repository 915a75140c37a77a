-- @name selectLeftovers
-- @params cacheId minAgeSeconds archivePrefix
-- @notNull isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT q.sha256_sum AS sha256, q.md5_sum AS md5, q.byte_size AS "byteSize", q.name, q.media_type AS "mediaType",
  q.mime_type AS "mimeType", q.extension, q.width, q.height, q.duration_ms AS "durationMs", q.cache_id AS "cacheId",
  q.archive_url AS "archiveUrl", q.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents q
WHERE (q.cache_id = $1 OR q.cache_id IS NULL) AND q.created_at < now() - make_interval(secs => $2)
  AND (q.archive_url IS NULL OR starts_with(q.archive_url, $3))
  AND NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = q.sha256_sum);
