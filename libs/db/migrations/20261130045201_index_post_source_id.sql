-- no-transaction
-- Two imports that name one post differently at the same moment add one row. Doubles of earlier versions stay: only one of
-- them gets the source_id.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS posts_source_id_idx
  ON public.posts (source_id, coalesce(platform, 'linkedin')) WHERE source_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_unidentified_idx
  ON public.posts (post_id) WHERE identified_at IS NULL AND raw_json IS NOT NULL;
