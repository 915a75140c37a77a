-- What we know of a media reference beyond the given columns. Nullable, or with a constant default: the
-- table is not rewritten, and old writers go on.

ALTER TABLE public.post_media
  ADD COLUMN sha256_sum text,
  ADD COLUMN byte_size bigint,
  ADD COLUMN source_key text,
  ADD COLUMN source_host text,
  ADD COLUMN role text,
  ADD COLUMN json_pointers text[],
  ADD COLUMN posted_at timestamptz,
  ADD COLUMN url_expires_at timestamptz,
  ADD COLUMN fate text NOT NULL DEFAULT 'waiting',
  ADD COLUMN fate_reason text,
  ADD COLUMN fate_at timestamptz,
  ADD COLUMN fetched_at timestamptz,
  ADD COLUMN claimed_mime_type text,
  ADD COLUMN length_verified boolean,
  ADD COLUMN download_attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN download_not_before timestamptz,
  ADD COLUMN download_lease_token uuid,
  ADD COLUMN download_lease_expires_at timestamptz;

ALTER TABLE public.post_media
  ADD CONSTRAINT post_media_fate_check
    CHECK (fate IN ('waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed')) NOT VALID,
  ADD CONSTRAINT post_media_role_check
    CHECK (role IN ('content', 'thumbnail', 'article', 'reshare', 'avatar')) NOT VALID;

COMMENT ON COLUMN public.post_media.sha256_sum IS 'SHA-256 of the bytes: the content in mediakeep.contents';
COMMENT ON COLUMN public.post_media.byte_size IS 'Size in bytes; file_size is its older, 32-bit form';
COMMENT ON COLUMN public.post_media.source_key IS 'Hash of the URL without the parameters that only sign it: one row per (post, source key)';
COMMENT ON COLUMN public.post_media.source_host IS 'host[:port] the URL is fetched from';
COMMENT ON COLUMN public.post_media.role IS 'Strongest role of the reference: content, thumbnail, article, reshare, avatar';
COMMENT ON COLUMN public.post_media.json_pointers IS 'Every place in the post''s JSON where the reference stands';
COMMENT ON COLUMN public.post_media.posted_at IS 'When the post was published';
COMMENT ON COLUMN public.post_media.url_expires_at IS 'When the URL''s signature expires, if the URL says so';
COMMENT ON COLUMN public.post_media.fate IS 'waiting, fetched, expired, gone, blocked, rejected, failed (will retry while download_not_before is set)';
COMMENT ON COLUMN public.post_media.claimed_mime_type IS 'The Content-Type that the server claimed; mime_type is what the bytes are';
