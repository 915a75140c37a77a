-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_fate_created_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_posted_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_created_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_sha256_sum_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_download_lease_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_download_retry_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_download_queue_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_unreconciled_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_post_source_key;
