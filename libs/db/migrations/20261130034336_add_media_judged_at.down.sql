ALTER TABLE public.post_media DROP COLUMN IF EXISTS judged_at;
