-- @name selectVerified
-- @params names
-- @notNull isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents c
WHERE c.name = ANY($1) AND c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL
  AND c.archive_verified_at IS NOT NULL;
