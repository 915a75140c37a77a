-- no-transaction
-- Posts by the time they were published, in milliseconds: YouTube and Substack posts of the original tool have seconds.
CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_posted_millis_idx ON public.posts ((
    CASE WHEN platform IN ('youtube', 'substack') AND posted_at_timestamp > -100000000000 AND posted_at_timestamp < 100000000000
    THEN posted_at_timestamp * 1000 ELSE posted_at_timestamp END), post_id);
