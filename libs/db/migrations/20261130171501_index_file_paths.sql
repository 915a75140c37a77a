-- no-transaction
-- Rows by the file that they name: files without a row are orphans, and superseded files go once no row names them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_local_file_path_idx ON public.post_media (local_file_path)
  WHERE local_file_path IS NOT NULL;
