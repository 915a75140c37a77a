-- @name selectShownPaths
-- @params asked
-- @notNull path
SELECT DISTINCT m.local_file_path AS path FROM public.post_media m WHERE m.local_file_path = ANY($1::text[]);
