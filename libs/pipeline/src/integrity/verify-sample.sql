-- @name selectArchivedCount
-- @notNull n
SELECT count(*) AS n FROM mediakeep.contents c WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL;

-- @name selectNeverVerified
-- @params limit archivePrefix
-- @notNull isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents c
WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AND c.archive_verified_at IS NULL
  AND starts_with(c.archive_url, $2) LIMIT $1;

-- @name selectOldestVerified
-- @params limit archivePrefix
-- @notNull isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.contents c
WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AND c.archive_verified_at IS NOT NULL
  AND starts_with(c.archive_url, $2)
ORDER BY c.archive_verified_at, c.sha256_sum LIMIT $1;

-- @name selectMissing
-- @params start limit archivePrefix
-- @notNull sha256 md5 byteSize name mediaType mimeType extension isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM (
  (SELECT * FROM mediakeep.contents WHERE archive_missing_since IS NOT NULL AND sha256_sum >= $1
    ORDER BY sha256_sum LIMIT $2)
  UNION ALL
  (SELECT * FROM mediakeep.contents WHERE archive_missing_since IS NOT NULL AND sha256_sum < $1
    ORDER BY sha256_sum LIMIT $2)
  LIMIT $2) c
WHERE c.rejected_at IS NULL AND starts_with(c.archive_url, $3);

-- @name selectUnarchived
-- @params start sampleSize cacheId limit
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
WHERE c.archive_url IS NULL AND c.cache_id = $3 AND c.inspected_at IS NOT NULL AND c.rejected_at IS NULL
  AND NOT $3 = ANY (c.missing_from)
LIMIT $4;
