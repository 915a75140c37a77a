import type { TestDatabase, TestRole } from '@mediakeep/testing'
import { addSupabaseHistory, BASE, TRACKING } from './migrate-installation.fixture.ts'

/** Roles that Supabase creates in every project. They are server-wide, so they are not dropped. */
const ROLES = `DO $$ BEGIN
  IF to_regrole('anon') IS NULL THEN CREATE ROLE anon; END IF;
  IF to_regrole('authenticated') IS NULL THEN CREATE ROLE authenticated; END IF;
  IF to_regrole('service_role') IS NULL THEN CREATE ROLE service_role BYPASSRLS; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`

const MEDIA_URL = 'https://media.licdn.com/dms/image/v2'

/** A post in the format of LinkedIn exports; all of it is invented. */
const linkedin = (activity: string, fullUrn: string, text: string, picture?: string): string =>
  JSON.stringify({
    urn: { activity_urn: activity, share_urn: null, ugcPost_urn: null },
    full_urn: fullUrn,
    posted_at: { date: '2026-10-02 08:15:00', relative: '2w', timestamp: 1_790_928_900_000 },
    text,
    post_type: 'regular',
    author: { username: 'lin-okafor', first_name: 'Lin', last_name: 'Okafor' },
    stats: { total_reactions: 58 },
    ...(picture ? { media: { type: 'image', url: picture } } : {}),
  })

interface OriginalPost {
  readonly id: string
  readonly urn: string
  readonly platform: string
  readonly postedAt: number
  readonly raw: string
}

const ACTIVITY = '7511700248985600001'
const REPOST_OF = 'urn:li:activity:7511600248985600009'

/** Posts as the original tool stores them: full urn as `urn`, a repost under its original urn, seconds off LinkedIn. */
export const ORIGINAL_POSTS: readonly OriginalPost[] = [
  {
    ...{
      id: 'p-00000001',
      urn: `urn:li:activity:${ACTIVITY}`,
      platform: 'linkedin',
      postedAt: 1_790_928_900_000,
    },
    raw: linkedin(
      ACTIVITY,
      `urn:li:activity:${ACTIVITY}`,
      'The harbour at seven',
      `${MEDIA_URL}/harbour.jpg?e=1900000000&v=beta&t=a`,
    ),
  },
  {
    ...{
      id: 'p-00000002',
      urn: 'urn:li:ugcPost:7512073961472000002',
      platform: 'linkedin',
      postedAt: 1_791_018_000_000,
    },
    raw: linkedin(
      '7512073961472000003',
      'urn:li:ugcPost:7512073961472000002',
      'A slide',
      `${MEDIA_URL}/slide.png?e=1900000000&v=beta&t=b`,
    ),
  },
  {
    ...{ id: 'p-00000003', urn: REPOST_OF, platform: 'linkedin', postedAt: 1_791_104_400_000 },
    raw: linkedin('7512436447232000004', REPOST_OF, 'Worth reading again'),
  },
  {
    ...{ id: 'p-00000004', urn: 'dQharbour01', platform: 'youtube', postedAt: 1_790_928_900 },
    raw: JSON.stringify({ id: 'dQharbour01', title: 'Tides, explained' }),
  },
  {
    ...{ id: 'p-00000005', urn: 'substack:140000005', platform: 'substack', postedAt: 1_790_928_950 },
    raw: JSON.stringify({ id: 140000005, title: 'Letters from the coast' }),
  },
]

const MD5 = 'a3f1c8d25e6b4790a3f1c8d25e6b4790'
const OTHER_MD5 = '0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f'
const LOG = [
  {
    timestamp: '2026-10-03T08:00:00Z',
    event: 'ai_analysis_started',
    status: 'started',
    model: 'older-model',
  },
  {
    timestamp: '2026-10-03T08:00:09Z',
    event: 'ai_analysis_completed',
    status: 'completed',
    details: { tokens_used: 311 },
  },
]

/** Rows as the original tool writes them. Its log is a JSON string that contains an array. */
const ROWS = `
  INSERT INTO download_runs (run_id, started_at, completed_at, status, script_name, posts_fetched, posts_new)
    VALUES ('run-0000000a', '2026-10-03T07:00Z', '2026-10-03T07:05Z', 'completed', 'fetch_posts.py', 5, 5);
  INSERT INTO data_downloads (download_id, post_id, run_id, downloaded_at, total_reactions, stats_json)
    SELECT 'dl-' || right(post_id, 8), post_id, 'run-0000000a', '2026-10-03T07:01Z', 58, '{"total_reactions": 58}' FROM posts;
  UPDATE posts SET is_read = post_id < 'p-00000003', is_marked = post_id = 'p-00000002';
  INSERT INTO post_media (media_id, post_id, media_type, media_url, local_file_path, file_size, mime_type, md5_sum,
      archive_url, ai_analysis_status, ai_analysis, ai_analyzed_at, ai_analysis_log) VALUES
    ('med-00000001', 'p-00000001', 'image', '${MEDIA_URL}/harbour.jpg?e=1900000000&v=beta&t=a', 'cache/media/images/${MD5}.jpg',
      48213, 'image/jpeg', '${MD5}', 's3://kept/cache/2026/10/${MD5}.jpg', 'completed', 'A harbour at dawn', '2026-10-03T08:00:09Z', to_jsonb($1::text)),
    ('med-00000002', 'p-00000001', 'image', '${MEDIA_URL}/harbour.jpg?e=1890000000&v=beta&t=z', NULL,
      NULL, NULL, NULL, NULL, 'not_started', NULL, NULL, NULL),
    ('med-00000003', 'p-00000002', 'image', '${MEDIA_URL}/slide.png?e=1900000000&v=beta&t=b',
      'cache/images/' || md5('${MEDIA_URL}/slide.png?e=1900000000&v=beta&t=b') || '.png', 1200, 'image/png', NULL, NULL, 'pending', NULL, NULL, '[]'),
    ('med-00000004', 'p-00000004', 'image', 'https://i.ytimg.example/vi/dQharbour01/hq.jpg', 'cache/media/images/${OTHER_MD5}.jpg',
      900, 'image/jpeg', '${OTHER_MD5}', 's3://kept/cache/2026/10/${OTHER_MD5}.jpg', 'failed', NULL, NULL, to_jsonb('not JSON at all'::text))`

/** Other programs' tables, views, policies and grants, as Supabase creates them. */
const OTHERS = `
  CREATE TABLE profiles (profile_id text PRIMARY KEY, username text);
  CREATE TABLE tags (tag_id serial PRIMARY KEY, name text UNIQUE);
  CREATE TABLE profile_tags (profile_id text REFERENCES profiles ON DELETE CASCADE, tag_id int REFERENCES tags, PRIMARY KEY (profile_id, tag_id));
  CREATE TABLE post_tags (post_id text REFERENCES posts ON DELETE CASCADE, tag_id int REFERENCES tags, PRIMARY KEY (post_id, tag_id));
  CREATE TABLE action_queue (action_id serial PRIMARY KEY, media_id text REFERENCES post_media ON DELETE CASCADE, action text);
  INSERT INTO profiles VALUES ('lin', 'lin-okafor'); INSERT INTO tags (name) VALUES ('sea'), ('talks');
  INSERT INTO profile_tags VALUES ('lin', 1); INSERT INTO post_tags VALUES ('p-00000001', 1), ('p-00000002', 2);
  INSERT INTO action_queue (media_id, action) VALUES ('med-00000001', 'share'), ('med-00000002', 'crop');
  CREATE VIEW unread_posts AS SELECT post_id, urn, text_content FROM posts WHERE NOT is_read;
  CREATE VIEW media_overview AS SELECT media_id, file_size, ai_analysis_status, ai_analysis_log FROM post_media;
  GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
  GRANT ALL ON ALL TABLES IN SCHEMA public TO anon, authenticated, service_role;
  ALTER TABLE posts ENABLE ROW LEVEL SECURITY; ALTER TABLE post_media ENABLE ROW LEVEL SECURITY;
  ALTER TABLE action_queue ENABLE ROW LEVEL SECURITY;
  CREATE POLICY readable ON posts FOR SELECT TO authenticated USING (true);
  CREATE POLICY readable ON post_media FOR SELECT TO authenticated USING (true);
  CREATE POLICY own ON action_queue TO authenticated USING (action = 'share')`

/** Fills an empty database as the original tool and Supabase do. The role owns the tables, like `postgres` there. */
export async function buildOriginalDatabase(database: TestDatabase, owner: TestRole): Promise<void> {
  await database.pg.query(`${ROLES}; GRANT CREATE ON DATABASE ${database.name} TO ${owner.name};
    GRANT ALL ON SCHEMA public TO ${owner.name} WITH GRANT OPTION`)
  await owner.pg.query(BASE)
  for (const statement of TRACKING) await owner.query(statement)
  await owner.query(
    `INSERT INTO posts (post_id, urn, full_urn, platform, posted_at_timestamp, author_username, text_content, raw_json)
     SELECT p ->> 'id', p ->> 'urn', p ->> 'urn', p ->> 'platform', (p ->> 'postedAt')::bigint, 'lin-okafor', 'text', p ->> 'raw'
     FROM jsonb_array_elements($1::jsonb) p`,
    [JSON.stringify(ORIGINAL_POSTS)],
  )
  const [first, second, third, media] = ROWS.split(/;\n/) as [string, string, string, string]
  for (const statement of [first, second, third]) await owner.query(statement)
  await owner.query(media, [JSON.stringify(LOG)])
  await owner.pg.query(OTHERS)
  await addSupabaseHistory(database)
  await database.pg.query(`GRANT USAGE ON SCHEMA supabase_migrations TO ${owner.name};
    GRANT SELECT ON supabase_migrations.schema_migrations TO ${owner.name}`)
}

export interface Obstacle {
  readonly name: string
  /** SQL, run as a superuser; `:owner` is the migrating role. */
  readonly sql: string
  /** Texts that the refusal must contain. */
  readonly named: readonly string[]
}

const NO_CHECK = 'ALTER TABLE post_media DROP CONSTRAINT post_media_ai_analysis_status_check'

/** Changes to the original database, each with what the preflight reports. */
export const OBSTACLES: readonly Obstacle[] = [
  {
    name: 'unknown statuses',
    sql: `${NO_CHECK}; UPDATE post_media SET ai_analysis_status = 'queued' WHERE media_id < 'med-00000003'`,
    named: ['2 rows', '"queued"'],
  },
  {
    name: 'a column whose name is taken',
    sql: 'ALTER TABLE post_media ADD COLUMN fate int',
    named: ['public.post_media already has a column fate (integer)', 'RENAME COLUMN'],
  },
  {
    name: 'a column of another type',
    sql: 'DROP VIEW media_overview; ALTER TABLE post_media ALTER ai_analysis_log TYPE text',
    named: ['public.post_media.ai_analysis_log is text, not jsonb'],
  },
  {
    name: 'an index whose name is taken',
    sql: 'CREATE INDEX post_media_created_idx ON tags (name)',
    named: ['post_media_created_idx', 'tags'],
  },
  {
    name: 'a constraint whose name is taken',
    sql: 'ALTER TABLE post_media ADD CONSTRAINT post_media_fate_check CHECK (true)',
    named: ['post_media already has a constraint post_media_fate_check'],
  },
  {
    name: 'a table of another owner',
    sql: 'ALTER TABLE posts OWNER TO service_role',
    named: ['public.posts belongs to service_role', 'GRANT service_role'],
  },
  {
    name: 'a role that may create nothing',
    sql: "DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM :owner', current_database()); END $$",
    named: ['may not create objects in database', 'GRANT CREATE ON DATABASE'],
  },
  {
    name: 'a partitioned table',
    sql: `DROP TABLE data_downloads; CREATE TABLE data_downloads (download_id text, downloaded_at timestamptz) PARTITION BY RANGE (downloaded_at);
      ALTER TABLE data_downloads OWNER TO :owner`,
    named: ['public.data_downloads is a partitioned table'],
  },
  {
    name: "another program's history table",
    sql: 'CREATE SCHEMA mediakeep; GRANT ALL ON SCHEMA mediakeep TO :owner; CREATE TABLE mediakeep.migrations (version text PRIMARY KEY); GRANT SELECT ON mediakeep.migrations TO :owner',
    named: ["mediakeep.migrations is another program's table"],
  },
  {
    name: 'rows of another program that are hidden from the migrating role',
    sql: 'ALTER TABLE action_queue OWNER TO service_role; ALTER ROLE :owner NOBYPASSRLS; GRANT ALL ON action_queue TO :owner',
    named: ['row-level security hides rows of public.action_queue', 'BYPASSRLS'],
  },
  {
    name: "another program's table without rights",
    sql: 'ALTER TABLE action_queue OWNER TO service_role; REVOKE ALL ON action_queue FROM :owner; GRANT SELECT ON action_queue TO :owner',
    named: ['may not UPDATE, DELETE rows of public.action_queue', 'GRANT UPDATE, DELETE'],
  },
  {
    name: 'a database that takes no writes',
    sql: 'ALTER ROLE :owner SET default_transaction_read_only = on',
    named: ['accepts no writes'],
  },
]
