-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_escaped_url_idx;
