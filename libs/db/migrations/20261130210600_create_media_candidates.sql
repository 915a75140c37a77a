-- Media with several renditions: each URL is tried when those before it have failed for good.

CREATE TABLE mediakeep.media_candidates (
  media_id text NOT NULL,
  position integer NOT NULL,
  url text NOT NULL,
  host text NOT NULL,
  expires_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  CONSTRAINT media_candidates_pkey PRIMARY KEY (media_id, position),
  CONSTRAINT media_candidates_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.post_media (media_id) ON DELETE CASCADE
);
COMMENT ON TABLE mediakeep.media_candidates IS 'URLs of the renditions of media that have several';
COMMENT ON COLUMN mediakeep.media_candidates.position IS '0 is the media_url of the row; higher ones are tried later';
COMMENT ON COLUMN mediakeep.media_candidates.ended_at IS 'When it failed for good; null while it may be tried';
COMMENT ON COLUMN mediakeep.media_candidates.end_reason IS 'Why it failed last';

-- The URL of the rendition that is fetched in place of media_url.
ALTER TABLE public.post_media ADD COLUMN IF NOT EXISTS fetch_url text;
