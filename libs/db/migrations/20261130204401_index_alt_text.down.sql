-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_alt_text_idx;
