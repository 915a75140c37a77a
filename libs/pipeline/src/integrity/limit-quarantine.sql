-- @name selectQuarantineBytes
-- @params cacheId
-- @notNull bytes
SELECT coalesce(sum(byte_size), 0)::bigint AS bytes FROM mediakeep.quarantine
WHERE cache_id = $1 AND released_at IS NULL AND removed_at IS NULL;

-- @name selectBytesOf
-- @params cacheId fileNames
-- @notNull bytes
SELECT coalesce(sum(byte_size), 0)::bigint AS bytes FROM mediakeep.quarantine
WHERE cache_id = $1 AND file_name = ANY($2::text[]) AND released_at IS NULL AND removed_at IS NULL;

-- @name selectRemovable
-- @params cacheId since fileName
-- @notNull ageSeconds since isArchived isMissing
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT f.file_name AS "fileName", extract(epoch FROM now() - f.quarantined_at)::float8 AS "ageSeconds",
  f.quarantined_at::text AS since,
  c.archive_verified_at IS NOT NULL AND c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS "isArchived",
  c.sha256_sum AS sha256, c.md5_sum AS md5, c.byte_size AS "byteSize", c.name, c.media_type AS "mediaType",
  c.mime_type AS "mimeType", c.extension, c.width, c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM mediakeep.quarantine f JOIN mediakeep.contents c ON c.sha256_sum = f.sha256_sum
WHERE f.cache_id = $1 AND f.released_at IS NULL AND f.removed_at IS NULL AND f.release_requested_at IS NULL
  AND ($2::timestamptz IS NULL OR (f.quarantined_at, f.file_name) > ($2, $3))
ORDER BY f.quarantined_at, f.file_name LIMIT 100;

-- @name selectArchivedNames
-- @params names
SELECT c.name FROM mediakeep.contents c
WHERE c.name = ANY($1::text[]) AND c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL
  AND c.archive_verified_at IS NOT NULL;
