ALTER TABLE public.post_media DROP COLUMN IF EXISTS alt_text, DROP COLUMN IF EXISTS attested_algorithm,
  DROP COLUMN IF EXISTS attested_value, DROP COLUMN IF EXISTS attested_matches;
ALTER TABLE public.posts DROP COLUMN IF EXISTS author_name, DROP COLUMN IF EXISTS author_id,
  DROP COLUMN IF EXISTS language, DROP COLUMN IF EXISTS post_links, DROP COLUMN IF EXISTS findings;
