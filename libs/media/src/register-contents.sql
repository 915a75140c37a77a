-- @name selectContents
-- @params sha256s
-- @row media_type: 'image' | 'video' | 'audio' | 'document'
SELECT c.sha256_sum, c.md5_sum, c.name, c.byte_size, c.media_type, c.mime_type, c.extension, c.width, c.height,
  c.duration_ms
FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1::text[]);

-- @name insertContents
-- @params sha256s md5s names byteSizes mediaTypes mimeTypes extensions widths heights durations inspecteds rejections
INSERT INTO mediakeep.contents
  (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, width, height, duration_ms,
   inspected_at, rejected_at, rejected_reason)
SELECT d.sha256, d.md5, d.name, d.bytes, d.type, d.mime, d.extension, d.width, d.height, d.duration,
  CASE WHEN d.inspected THEN now() END, CASE WHEN d.rejection IS NOT NULL THEN now() END, d.rejection
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[],
  $9::int[], $10::bigint[], $11::boolean[], $12::text[])
  AS d (sha256, md5, name, bytes, type, mime, extension, width, height, duration, inspected, rejection)
ON CONFLICT DO NOTHING;
