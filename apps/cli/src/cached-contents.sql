-- @name selectPage
-- @params after limit
-- @notNull isArchived
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT c.media_type AS "mediaType", c.name, c.extension, c.md5_sum AS md5, c.sha256_sum AS sha256,
  c.byte_size AS "byteSize", c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS "isArchived",
  m.media_id AS "mediaId"
FROM mediakeep.contents c
CROSS JOIN LATERAL (
  SELECT media_id FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum AND m.fate = 'fetched' LIMIT 1) m
WHERE c.sha256_sum > $1 ORDER BY c.sha256_sum LIMIT $2;

-- @name selectSelected
-- @params mediaIds
-- @notNull isArchived
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
SELECT DISTINCT ON (c.sha256_sum)
  c.media_type AS "mediaType", c.name, c.extension, c.md5_sum AS md5, c.sha256_sum AS sha256,
  c.byte_size AS "byteSize", c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS "isArchived",
  m.media_id AS "mediaId"
FROM public.post_media m JOIN mediakeep.contents c USING (sha256_sum) WHERE m.media_id = ANY($1);
