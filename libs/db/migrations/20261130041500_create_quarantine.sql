-- A verdict never destroys: what was rejected is kept in the quarantine folder of the cache that had it, by rows here.

CREATE TABLE mediakeep.quarantine (
  cache_id uuid NOT NULL,
  file_name text NOT NULL,
  sha256_sum text NOT NULL,
  byte_size bigint NOT NULL,
  reason text NOT NULL,
  media_id text,
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  release_requested_at timestamptz,
  released_at timestamptz,
  removed_at timestamptz,
  CONSTRAINT quarantine_pkey PRIMARY KEY (cache_id, file_name),
  CONSTRAINT quarantine_sha256_sum_check CHECK (sha256_sum ~ '^[0-9a-f]{64}$'),
  CONSTRAINT quarantine_byte_size_check CHECK (byte_size > 0)
);
COMMENT ON TABLE mediakeep.quarantine IS 'Files of rejected media, in the quarantine folder of the cache that had them';
COMMENT ON COLUMN mediakeep.quarantine.media_id IS 'The row whose download brought it; null: a content that was in the cache';
COMMENT ON COLUMN mediakeep.quarantine.release_requested_at IS 'A person wants it back; the machine with the cache moves it';
COMMENT ON COLUMN mediakeep.quarantine.removed_at IS 'When the file was deleted for good, to keep the quarantine below its limits';
CREATE INDEX quarantine_kept_idx ON mediakeep.quarantine (cache_id, quarantined_at)
  WHERE released_at IS NULL AND removed_at IS NULL;
CREATE INDEX quarantine_release_idx ON mediakeep.quarantine (cache_id)
  WHERE release_requested_at IS NOT NULL AND released_at IS NULL AND removed_at IS NULL;
CREATE INDEX quarantine_sha256_sum_idx ON mediakeep.quarantine (sha256_sum);

ALTER TABLE mediakeep.contents ADD COLUMN released_at timestamptz;
COMMENT ON COLUMN mediakeep.contents.released_at IS 'A person took back its rejection: no inspection rejects it again';
