-- no-transaction
-- What a database of the original tool still has to do, found without reading the table.

CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_log_not_array_idx ON public.post_media (media_id)
  WHERE jsonb_typeof(ai_analysis_log) <> 'array';
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_fetched_without_digest_idx ON public.post_media (media_id)
  WHERE fate = 'fetched' AND sha256_sum IS NULL;
