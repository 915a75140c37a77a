-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.posts_full_urn_idx;
