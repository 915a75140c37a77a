-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_content_posted_idx;
