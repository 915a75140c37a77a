-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_fetched_without_digest_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_log_not_array_idx;
