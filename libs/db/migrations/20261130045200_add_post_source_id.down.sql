ALTER TABLE public.posts DROP COLUMN IF EXISTS identified_at;
ALTER TABLE public.posts DROP COLUMN IF EXISTS source_id;
