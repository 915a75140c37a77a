-- @name selectMediaContents
-- @params mediaIds
-- @notNull sha256 md5 byteSize name mediaType mimeType extension isMissing askedId isFetched isRejected
-- @row mediaType: 'image' | 'video' | 'audio' | 'document'
WITH RECURSIVE asked AS (
  SELECT id, ordinal FROM unnest($1::text[]) WITH ORDINALITY AS a (id, ordinal)),
trail AS (
  SELECT id AS asked_id, id, 0 AS depth FROM asked
  UNION ALL
  SELECT t.asked_id, g.survivor_id, t.depth + 1 FROM trail t
  JOIN mediakeep.merged_media g ON g.media_id = t.id
  WHERE t.depth < 16)
SELECT DISTINCT ON (a.ordinal) a.id AS "askedId", m.media_id AS "rowId",
  m.local_file_path AS "localFilePath",
  coalesce(c.rejected_at IS NOT NULL OR m.fate = 'rejected', false) AS "isRejected",
  coalesce(m.fate = 'fetched', false) AS "isFetched", c.sha256_sum AS sha256, c.md5_sum AS md5,
  c.byte_size AS "byteSize", c.name,
  c.media_type AS "mediaType", c.mime_type AS "mimeType", c.extension, c.width,
  c.height, c.duration_ms AS "durationMs", c.cache_id AS "cacheId",
  c.archive_url AS "archiveUrl", c.archive_missing_since IS NOT NULL AS "isMissing"
FROM asked a JOIN trail t ON t.asked_id = a.id
LEFT JOIN public.post_media m ON m.media_id = t.id
LEFT JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
ORDER BY a.ordinal, m.media_id IS NULL, t.depth;
