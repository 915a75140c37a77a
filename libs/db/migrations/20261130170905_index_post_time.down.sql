-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.posts_posted_millis_idx;
