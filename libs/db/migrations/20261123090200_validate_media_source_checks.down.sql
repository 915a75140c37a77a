-- A validated constraint cannot be told to be none again: it is made anew, without reading the table.
ALTER TABLE public.post_media
  DROP CONSTRAINT post_media_fate_check,
  DROP CONSTRAINT post_media_role_check,
  ADD CONSTRAINT post_media_fate_check
    CHECK (fate IN ('waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed')) NOT VALID,
  ADD CONSTRAINT post_media_role_check
    CHECK (role IN ('content', 'thumbnail', 'article', 'reshare', 'avatar')) NOT VALID;
