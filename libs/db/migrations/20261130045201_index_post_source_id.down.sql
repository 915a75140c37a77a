-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.posts_unidentified_idx;
DROP INDEX CONCURRENTLY IF EXISTS public.posts_source_id_idx;
