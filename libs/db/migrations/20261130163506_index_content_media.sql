-- no-transaction
-- The gallery shows the content of posts, newest first: without avatars, thumbnails and previews of links.
-- Media of older tools have no role, and are content.
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_content_posted_idx ON public.post_media (posted_at, media_id)
  WHERE coalesce(role, 'content') = 'content';
