-- @name selectPaths
-- @params mediaIds
-- @notNull path
SELECT media_id AS id, local_file_path AS path FROM public.post_media WHERE media_id = ANY($1) AND local_file_path IS NOT NULL;
