-- no-transaction
DROP INDEX CONCURRENTLY IF EXISTS public.post_media_local_file_path_idx;
