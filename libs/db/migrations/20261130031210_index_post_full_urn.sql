-- no-transaction
-- An import looks up each post by urn and by full_urn. Concurrently: posts may hold millions of rows that others read and write.
CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_full_urn_idx ON public.posts (full_urn) WHERE full_urn IS NOT NULL;
