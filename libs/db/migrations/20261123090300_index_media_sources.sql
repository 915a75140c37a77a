-- no-transaction
-- Concurrently: post_media may hold millions of rows that others read and write.

-- One row per (post, source). Rows of old writers have no key until they are reconciled.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS post_media_post_source_key ON public.post_media (post_id, source_key);
-- What old writers leave, at any time.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_unreconciled_idx ON public.post_media (media_id)
  WHERE source_key IS NULL OR ai_analysis_log IS NULL OR ai_analysis_status = 'pending';

-- The download queue: per host, earliest deadline first; then what failed and is due again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_download_queue_idx ON public.post_media (source_host, url_expires_at, media_id)
  WHERE fate = 'waiting' AND source_key IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_download_retry_idx ON public.post_media (download_not_before, media_id)
  WHERE fate = 'failed' AND download_not_before IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_download_lease_idx ON public.post_media (download_lease_expires_at)
  WHERE download_lease_token IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_sha256_sum_idx ON public.post_media (sha256_sum)
  WHERE sha256_sum IS NOT NULL;

-- Pages, by keyset.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_created_idx ON public.post_media (created_at, media_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_posted_idx ON public.post_media (posted_at, media_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_fate_created_idx ON public.post_media (fate, created_at, media_id);
