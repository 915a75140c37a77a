-- @name selectPosts
-- @params ids
-- @notNull postId rawJson
SELECT post_id AS "postId", raw_json AS "rawJson" FROM public.posts
WHERE post_id = ANY($1) AND raw_json IS NOT NULL ORDER BY post_id;

-- @name selectNextPosts
-- @params after limit postId mediaId startDate
-- @notNull post_id bytes
SELECT post_id, octet_length(raw_json) AS bytes FROM public.posts p
WHERE p.post_id > $1 AND p.raw_json IS NOT NULL AND ($3::text IS NULL OR p.post_id = $3)
  AND ($4::text IS NULL OR p.post_id = (SELECT m.post_id FROM public.post_media m WHERE m.media_id = $4))
  AND ($5::timestamptz IS NULL OR (CASE WHEN p.platform IN ('youtube', 'substack')
      AND p.posted_at_timestamp > -100000000000 AND p.posted_at_timestamp < 100000000000
        THEN p.posted_at_timestamp * 1000 ELSE p.posted_at_timestamp END) >= extract(epoch FROM $5::timestamptz) * 1000)
ORDER BY p.post_id LIMIT $2;
