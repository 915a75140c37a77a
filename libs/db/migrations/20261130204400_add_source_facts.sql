-- Facts that an export states beside the media and the post.
-- The digest that the source states for the bytes, and whether the stored bytes have it (null until they are stored).
ALTER TABLE public.post_media ADD COLUMN IF NOT EXISTS alt_text text,
  ADD COLUMN IF NOT EXISTS attested_algorithm text, ADD COLUMN IF NOT EXISTS attested_value text,
  ADD COLUMN IF NOT EXISTS attested_matches boolean;
-- post_links: [{"kind", "urn", "url"}]. findings: [{"code", "statedAt", "idTime"}], times in Unix milliseconds.
ALTER TABLE public.posts ADD COLUMN IF NOT EXISTS author_name text, ADD COLUMN IF NOT EXISTS author_id text,
  ADD COLUMN IF NOT EXISTS language text, ADD COLUMN IF NOT EXISTS post_links jsonb,
  ADD COLUMN IF NOT EXISTS findings jsonb;
