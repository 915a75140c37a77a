-- no-transaction
-- Completes the user names of authors while they are typed, in any case and collation.
CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_prefix_idx ON public.posts (lower(author_username) text_pattern_ops);
