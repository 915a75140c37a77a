ALTER TABLE public.post_media DROP COLUMN IF EXISTS fetch_url;
DROP TABLE mediakeep.media_candidates;
