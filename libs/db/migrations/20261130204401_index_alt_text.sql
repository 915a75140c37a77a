-- no-transaction
-- Word search over alternative texts, which imports cut at 20,000 characters.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_alt_text_idx ON public.post_media
  USING gin (to_tsvector('simple', alt_text)) WHERE alt_text IS NOT NULL;
