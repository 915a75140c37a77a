-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.posts_text_search_idx;
