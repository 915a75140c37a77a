-- @name selectMediaRows
-- @params mediaIds
-- @notNull mediaId postId fate mediaType mediaUrl
SELECT m.media_id AS "mediaId", m.post_id AS "postId", p.author_username AS author, m.fate, m.fate_reason AS reason,
  m.media_type AS "mediaType", coalesce(m.byte_size, m.file_size) AS "byteSize", m.md5_sum AS "md5Sum",
  m.sha256_sum AS "sha256Sum", m.local_file_path AS "localFilePath", m.archive_url AS "archiveUrl",
  m.media_url AS "mediaUrl"
FROM public.post_media m LEFT JOIN public.posts p USING (post_id)
WHERE m.media_id = ANY($1) ORDER BY m.media_id;
