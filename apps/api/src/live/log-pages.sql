-- @name selectMediaTypes
-- @params mediaIds
SELECT media_id AS id, media_type AS type FROM public.post_media WHERE media_id = ANY ($1);
