-- no-transaction
-- Rows whose URL was stored with HTML entities (`&amp;`), found without reading the table. Exactly those that reconciling
-- replaces: the named ones, and numbers of printable ASCII.

CREATE INDEX CONCURRENTLY IF NOT EXISTS post_media_escaped_url_idx ON public.post_media (media_id)
  WHERE media_url ~* '&(amp|lt|gt|quot|apos|#0{0,5}(3[3-9]|[4-9][0-9])|#0{0,4}(1[01][0-9]|12[0-6])|#x0{0,4}(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]));';
