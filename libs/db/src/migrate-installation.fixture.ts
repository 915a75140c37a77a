import type { TestDatabase } from '@mediakeep/testing'

/** The given tables as another installation creates them: by hand, without our migration files. */
export const BASE = `
  CREATE TABLE posts (
    post_id text PRIMARY KEY, urn text UNIQUE NOT NULL, full_urn text, platform text DEFAULT 'linkedin',
    posted_at_timestamp bigint NOT NULL, author_username text, text_content text, post_type text, url text,
    raw_json text, first_seen_at timestamptz, is_read bool DEFAULT false, is_marked bool DEFAULT false,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
  CREATE TABLE download_runs (
    run_id text PRIMARY KEY, started_at timestamptz NOT NULL, completed_at timestamptz, status text DEFAULT 'running',
    script_name text, platform text DEFAULT 'linkedin', posts_fetched int DEFAULT 0, posts_new int DEFAULT 0,
    posts_updated int DEFAULT 0, error_message text, system_info text, created_at timestamptz DEFAULT now());
  CREATE TABLE data_downloads (
    download_id text PRIMARY KEY, post_id text NOT NULL REFERENCES posts ON DELETE CASCADE,
    run_id text REFERENCES download_runs ON DELETE SET NULL, downloaded_at timestamptz NOT NULL,
    total_reactions int DEFAULT 0, stats_json text, raw_json text, source_file_path text,
    created_at timestamptz DEFAULT now());
  CREATE TABLE post_media (
    media_id text PRIMARY KEY, post_id text NOT NULL REFERENCES posts ON DELETE CASCADE, media_type text NOT NULL,
    media_url text NOT NULL, local_file_path text, file_size int, mime_type text, width int, height int,
    ai_analysis_status text DEFAULT 'pending', ai_analysis text, ai_analyzed_at timestamptz,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
  CREATE INDEX idx_posts_urn ON posts (urn);
  CREATE INDEX idx_posts_posted_at ON posts (posted_at_timestamp);
  CREATE INDEX idx_posts_author ON posts (author_username);
  CREATE INDEX idx_posts_platform ON posts (platform);
  CREATE INDEX idx_posts_first_seen ON posts (first_seen_at);
  CREATE INDEX idx_posts_is_read ON posts (is_read);
  CREATE INDEX idx_posts_is_marked ON posts (is_marked);
  CREATE INDEX idx_runs_started_at ON download_runs (started_at);
  CREATE INDEX idx_runs_status ON download_runs (status);
  CREATE INDEX idx_downloads_post_id ON data_downloads (post_id);
  CREATE INDEX idx_downloads_run_id ON data_downloads (run_id);
  CREATE INDEX idx_downloads_downloaded_at ON data_downloads (downloaded_at);
  CREATE INDEX idx_media_post_id ON post_media (post_id);
  CREATE INDEX idx_media_analysis_status ON post_media (ai_analysis_status);
  CREATE INDEX idx_media_type ON post_media (media_type)`

/** Section 2, one statement per entry. */
export const TRACKING = [
  'ALTER TABLE post_media ADD COLUMN md5_sum text',
  'ALTER TABLE post_media ADD COLUMN archive_url text',
  'ALTER TABLE post_media ADD COLUMN ai_analysis_log jsonb',
  `ALTER TABLE post_media ALTER COLUMN ai_analysis_status SET DEFAULT 'not_started'`,
  `ALTER TABLE post_media ADD CONSTRAINT post_media_ai_analysis_status_check CHECK (ai_analysis_status IN
    ('not_started', 'started', 'completed', 'failed', 'pending'))`,
  'CREATE INDEX idx_media_md5_sum ON post_media (md5_sum)',
  'CREATE INDEX idx_media_archive_url ON post_media (archive_url) WHERE archive_url IS NOT NULL',
  `CREATE INDEX idx_media_ai_status_created ON post_media (ai_analysis_status, created_at)
    WHERE ai_analysis_status IN ('not_started', 'started')`,
  `COMMENT ON TABLE post_media IS 'Media attachments with AI analysis, local cache, and S3 archive tracking'`,
  `COMMENT ON COLUMN post_media.md5_sum IS 'MD5 checksum of the media file for integrity verification and deduplication'`,
  `COMMENT ON COLUMN post_media.archive_url IS 'S3 URL for archived copy of media file'`,
  `COMMENT ON COLUMN post_media.ai_analysis_log IS 'Detailed JSONB log of AI analysis attempts, results, and events'`,
  `COMMENT ON COLUMN post_media.ai_analysis_status IS 'AI analysis status: not_started, started, completed, failed'`,
]

/** 1,000 media of 100 posts: a tenth are duplicate URLs, a third are pending; plus objects that are not ours. */
export const ROWS = `
  INSERT INTO posts (post_id, urn, posted_at_timestamp)
    SELECT 'p-' || n, 'urn:' || n, 1733000000000 + n FROM generate_series(0, 99) n;
  INSERT INTO post_media (media_id, post_id, media_type, media_url, local_file_path, file_size, ai_analysis_status, ai_analysis)
    SELECT 'med-' || n, 'p-' || n % 100, 'image', 'https://media.example/' || n % 900 || '.jpg?n=' || n % 900,
      CASE WHEN n % 5 = 0 THEN 'cache/images/' || n || '.jpg' END, n,
      (ARRAY['pending', 'completed', 'failed'])[1 + n / 7 % 3], CASE WHEN n / 7 % 3 = 1 THEN 'analysis ' || n END
    FROM generate_series(0, 999) n;
  CREATE TABLE post_tags (media_id text REFERENCES post_media ON DELETE CASCADE, tag text, note xml);
  INSERT INTO post_tags SELECT media_id, 'tag' FROM post_media;
  CREATE VIEW analysed AS SELECT media_id, file_size, ai_analysis FROM post_media WHERE ai_analysis IS NOT NULL`

/** Builds a database that another tool created and filled. */
export async function buildInstallation(database: TestDatabase, sections: 1 | 2): Promise<void> {
  await database.pg.query(BASE)
  if (sections === 2) for (const statement of TRACKING) await database.query(statement)
  await database.pg.query(ROWS)
  if (sections === 2) {
    await database.query(`UPDATE post_media SET md5_sum = md5(media_url), archive_url = 's3://kept/' || media_id,
      ai_analysis_log = CASE WHEN media_id LIKE '%2' THEN '[{"event": "media_downloaded"}]'::jsonb END
      WHERE length(post_id) = 3`)
  }
}

/** Adds Supabase's own history, in which section 2 has a different version than our file. */
export async function addSupabaseHistory(database: TestDatabase): Promise<void> {
  await database.pg.query(`CREATE SCHEMA supabase_migrations;
    CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
    INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ('20251130223349', 'create_schema'),
      ('20251201203830', 'add_media_tracking_columns'), ('20251211000000', 'something_of_theirs')`)
}
