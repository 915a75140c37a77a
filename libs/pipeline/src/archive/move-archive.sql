-- @name selectMovable
-- @params fromPrefix after limit
-- @notNull urls isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing",
  ARRAY(SELECT DISTINCT m.archive_url FROM public.post_media m
    WHERE m.sha256_sum = c.sha256_sum AND starts_with(m.archive_url, $1)) AS urls
FROM mediakeep.contents c
WHERE c.sha256_sum > $2 AND starts_with(c.archive_url, $1)
  AND c.archive_missing_since IS NULL AND c.rejected_at IS NULL
ORDER BY c.sha256_sum LIMIT $3;
