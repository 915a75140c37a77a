-- @name selectUnkeyed
-- @params postIds
-- @notNull post_id media_url
SELECT post_id, media_url FROM public.post_media WHERE source_key IS NULL AND post_id = ANY($1);
