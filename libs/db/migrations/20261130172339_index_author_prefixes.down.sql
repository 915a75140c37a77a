-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.posts_author_prefix_idx;
