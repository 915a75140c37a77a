-- no-transaction
-- Free text over posts. Cut at 100,000 characters: a tsvector may not exceed 1 MiB.

CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_text_search_idx ON public.posts
  USING gin (to_tsvector('simple', left(coalesce(text_content, ''), 100000)));
