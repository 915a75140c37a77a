-- @name lockHeldRows
-- @params ids tokens
-- @notNull media_id
SELECT q.media_id FROM public.post_media q
WHERE (q.media_id, q.download_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
  AND q.fate IS NOT DISTINCT FROM 'waiting'
ORDER BY q.media_id FOR UPDATE;

-- @name updateRows
-- @params ids sha256s known
-- @notNull media_id is_rejected is_known
UPDATE public.post_media q SET md5_sum = c.md5_sum, sha256_sum = c.sha256_sum, byte_size = c.byte_size,
  local_file_path = CASE WHEN c.rejected_at IS NULL THEN d.path ELSE q.local_file_path END
FROM unnest($1::text[], $2::text[], $3::text[]) AS d (media_id, sha256, path)
JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
WHERE q.media_id = d.media_id
RETURNING q.media_id, c.rejected_at IS NOT NULL AS is_rejected, c.created_at < now() AS is_known;
