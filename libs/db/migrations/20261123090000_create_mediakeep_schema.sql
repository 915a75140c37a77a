-- Our own tables. They live in a schema of their own: tables in public are exposed over HTTP on some hosts.

-- It may be there already: the migration history lives in it.
CREATE SCHEMA IF NOT EXISTS mediakeep;
COMMENT ON SCHEMA mediakeep IS 'Mediakeep: contents, queues, import runs';

-- One row per distinct content. Its unique name decides, for every machine alike, which of two files
-- with one MD5 bears the plain name.
CREATE TABLE mediakeep.contents (
  sha256_sum text PRIMARY KEY,
  md5_sum text NOT NULL,
  name text NOT NULL,
  byte_size bigint NOT NULL,
  media_type text NOT NULL,
  mime_type text NOT NULL,
  extension text NOT NULL,
  width integer,
  height integer,
  duration_ms bigint,
  cache_id uuid,
  archive_url text,
  archived_at timestamptz,
  archive_verified_at timestamptz,
  archive_attempts integer NOT NULL DEFAULT 0,
  archive_not_before timestamptz,
  archive_lease_token uuid,
  archive_lease_expires_at timestamptz,
  archive_error text,
  placeholder_suspected_at timestamptz,
  rejected_at timestamptz,
  rejected_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT contents_name_key UNIQUE (name),
  CONSTRAINT contents_sha256_sum_check CHECK (sha256_sum ~ '^[0-9a-f]{64}$'),
  CONSTRAINT contents_md5_sum_check CHECK (md5_sum ~ '^[0-9a-f]{32}$'),
  CONSTRAINT contents_name_check CHECK (name IN (md5_sum, md5_sum || '-' || sha256_sum)),
  CONSTRAINT contents_byte_size_check CHECK (byte_size > 0),
  CONSTRAINT contents_media_type_check CHECK (media_type IN ('image', 'video', 'document'))
);
COMMENT ON TABLE mediakeep.contents IS 'Distinct contents by SHA-256: names, facts, archive queue';
COMMENT ON COLUMN mediakeep.contents.name IS 'File name without extension: the MD5, or MD5-SHA256 for a second content of one MD5';
COMMENT ON COLUMN mediakeep.contents.cache_id IS 'The cache whose bytes are to be archived';
COMMENT ON COLUMN mediakeep.contents.archive_not_before IS 'When the next upload may be tried; null: nothing to do, or given up';
CREATE INDEX contents_md5_sum_idx ON mediakeep.contents (md5_sum);
CREATE INDEX contents_archive_queue_idx ON mediakeep.contents (cache_id, archive_not_before)
  WHERE archive_url IS NULL AND archive_not_before IS NOT NULL;
CREATE INDEX contents_archive_verified_idx ON mediakeep.contents (archive_verified_at, sha256_sum)
  WHERE archive_url IS NOT NULL;
CREATE INDEX contents_created_idx ON mediakeep.contents (created_at, sha256_sum);
CREATE INDEX contents_placeholder_idx ON mediakeep.contents (placeholder_suspected_at)
  WHERE placeholder_suspected_at IS NOT NULL;

-- How many connections a host bears, over all processes: one row per permit.
CREATE TABLE mediakeep.download_slots (
  host text NOT NULL,
  slot integer NOT NULL,
  lease_token uuid NOT NULL,
  lease_expires_at timestamptz NOT NULL,
  PRIMARY KEY (host, slot)
);
COMMENT ON TABLE mediakeep.download_slots IS 'Permits to download from a host, leased; at most DOWNLOAD_CONCURRENCY a host';

CREATE TABLE mediakeep.download_hosts (
  host text PRIMARY KEY,
  not_before timestamptz NOT NULL,
  reason text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mediakeep.download_hosts IS 'Hosts that asked us to wait (429, 503), and until when';

-- What an import adds to its row in download_runs. It is a queue too: a run whose process died is taken
-- up where its last committed batch ended.
CREATE TABLE mediakeep.import_runs (
  run_id text PRIMARY KEY REFERENCES public.download_runs (run_id) ON DELETE CASCADE,
  kind text NOT NULL DEFAULT 'import',
  files text[] NOT NULL DEFAULT '{}',
  options jsonb NOT NULL DEFAULT '{}',
  machine text,
  bytes_total bigint NOT NULL DEFAULT 0,
  bytes_read bigint NOT NULL DEFAULT 0,
  next_file integer NOT NULL DEFAULT 0,
  next_post bigint NOT NULL DEFAULT 0,
  posts_processed bigint NOT NULL DEFAULT 0,
  posts_new bigint NOT NULL DEFAULT 0,
  posts_known bigint NOT NULL DEFAULT 0,
  posts_rejected bigint NOT NULL DEFAULT 0,
  media_found bigint NOT NULL DEFAULT 0,
  media_new bigint NOT NULL DEFAULT 0,
  media_refreshed bigint NOT NULL DEFAULT 0,
  import_attempts integer NOT NULL DEFAULT 0,
  import_not_before timestamptz,
  import_lease_token uuid,
  import_lease_expires_at timestamptz,
  CONSTRAINT import_runs_kind_check CHECK (kind IN ('import', 'backfill'))
);
COMMENT ON TABLE mediakeep.import_runs IS 'Import and backfill runs: where they stand, what they counted';
CREATE INDEX import_runs_queue_idx ON mediakeep.import_runs (import_not_before)
  WHERE import_not_before IS NOT NULL;

CREATE TABLE mediakeep.rejected_posts (
  run_id text NOT NULL REFERENCES mediakeep.import_runs (run_id) ON DELETE CASCADE,
  file text NOT NULL,
  post_index bigint NOT NULL,
  pointer text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  excerpt text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, file, post_index)
);
COMMENT ON TABLE mediakeep.rejected_posts IS 'Posts that an import could not take, each with its index, JSON pointer and reason';

-- Periodic work (verify, evict, reap, reconcile), each done by one process at a time.
CREATE TABLE mediakeep.tasks (
  name text PRIMARY KEY,
  task_attempts integer NOT NULL DEFAULT 0,
  task_not_before timestamptz NOT NULL DEFAULT now(),
  task_lease_token uuid,
  task_lease_expires_at timestamptz,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_result jsonb,
  last_error text
);
COMMENT ON TABLE mediakeep.tasks IS 'Periodic work: when it is next due, who does it, how it last ended';

-- Rows of post_media that were the same picture of the same post as another: nothing of them is lost.
CREATE TABLE mediakeep.merged_media (
  media_id text PRIMARY KEY,
  survivor_id text NOT NULL,
  merged_row jsonb NOT NULL,
  merged_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mediakeep.merged_media IS 'Duplicate (post, URL) rows merged into a survivor, whole, as they were';
CREATE INDEX merged_media_survivor_idx ON mediakeep.merged_media (survivor_id);

CREATE TABLE mediakeep.settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mediakeep.settings IS 'What all processes share and no environment gave: the generated signing secret';
