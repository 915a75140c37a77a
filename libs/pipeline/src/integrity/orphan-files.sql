-- @name selectKnownNames
-- @params names
SELECT c.name FROM mediakeep.contents c WHERE c.name = ANY($1)
UNION SELECT m.md5_sum FROM public.post_media m WHERE m.md5_sum = ANY($1);

-- @name selectKnownPaths
-- @params paths
SELECT m.local_file_path AS path FROM public.post_media m WHERE m.local_file_path = ANY($1);
