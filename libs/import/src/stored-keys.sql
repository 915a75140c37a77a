-- @name selectRawJson
-- @params postIds
-- @notNull post_id
SELECT post_id, raw_json FROM public.posts WHERE post_id = ANY($1);
