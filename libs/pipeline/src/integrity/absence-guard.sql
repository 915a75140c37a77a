-- @name selectArchivedSample
-- @params start window archivePrefix limit
-- @notNull sha256 md5 byteSize name mediaType mimeType extension isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM (
  (SELECT * FROM mediakeep.contents WHERE sha256_sum >= $1 ORDER BY sha256_sum LIMIT $2)
  UNION ALL
  (SELECT * FROM mediakeep.contents WHERE sha256_sum < $1 ORDER BY sha256_sum LIMIT $2)
  LIMIT $2) c
WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AND starts_with(c.archive_url, $3)
LIMIT $4;
