import { exitCodeOf } from '@mediakeep/schema-verify'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyDatabase } from './verify-database.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const MEDIA = 'public.post_media'
const STATUS = `column ${MEDIA}.ai_analysis_status`
const CHECK = `constraint post_media_ai_analysis_status_check on ${MEDIA}`
const QUEUE = 'index public.idx_media_ai_status_created'
const alter = (action: string): string => `ALTER TABLE ${MEDIA} ${action}`
const replaceIndex = (name: string, definition: string): string =>
  `DROP INDEX ${name}; CREATE INDEX ${name} ON ${MEDIA} ${definition}`
const replaceCheck = (definition: string): string =>
  alter(`DROP CONSTRAINT post_media_ai_analysis_status_check`) +
  (definition &&
    `; ${alter(`ADD CONSTRAINT post_media_ai_analysis_status_check CHECK (ai_analysis_status IN (${definition}`)}`)

const TYPES = {
  md5_sum: 'varchar(32)',
  archive_url: 'varchar',
  ai_analysis_log: 'json USING ai_analysis_log::json',
}
const drifts: [string, string][] = [
  ...Object.entries(TYPES).flatMap(([name, type]): [string, string][] => {
    const column = `column ${MEDIA}.${name}`
    return [
      [alter(`DROP COLUMN ${name}`), column],
      [alter(`RENAME ${name} TO renamed`), column],
      // The index reads the log as jsonb, and would reject another type.
      [`DROP INDEX post_media_log_not_array_idx; ${alter(`ALTER ${name} TYPE ${type}`)}`, column],
      [alter(`ALTER ${name} SET DEFAULT '[]'`), column],
      [alter(`ALTER ${name} SET NOT NULL`), column],
      [`COMMENT ON COLUMN ${MEDIA}.${name} IS NULL`, `comment on ${column}`],
      [`COMMENT ON COLUMN ${MEDIA}.${name} IS 'Something else'`, `comment on ${column}`],
    ]
  }),
  ['DELETE FROM mediakeep.event_log', 'the row of event_log, missing'],
  ['DELETE FROM mediakeep.custody_head', 'the row of custody_head, missing'],
  [alter(`ALTER ai_analysis_status SET DEFAULT 'pending'`), STATUS],
  [alter('ALTER ai_analysis_status DROP DEFAULT'), STATUS],
  [alter('ALTER ai_analysis_status SET NOT NULL'), STATUS],
  [`COMMENT ON COLUMN ${MEDIA}.ai_analysis_status IS 'AI analysis status'`, `comment on ${STATUS}`],
  [`COMMENT ON TABLE ${MEDIA} IS 'Media attachments'`, `comment on table ${MEDIA}`],
  [`COMMENT ON TABLE ${MEDIA} IS NULL`, `comment on table ${MEDIA}`],
  [replaceCheck(''), CHECK],
  [replaceCheck(`'not_started', 'started', 'completed', 'failed'))`), CHECK],
  [replaceCheck(`'not_started', 'started', 'completed', 'failed', 'pending', 'x'))`), CHECK],
  [replaceCheck(`'not_started', 'started', 'completed', 'failed', 'pending')) NOT VALID`), CHECK],
  [alter('RENAME CONSTRAINT post_media_ai_analysis_status_check TO renamed'), CHECK],
  ['DROP INDEX idx_media_md5_sum', 'index public.idx_media_md5_sum'],
  [replaceIndex('idx_media_md5_sum', 'USING hash (md5_sum)'), 'index public.idx_media_md5_sum'],
  [replaceIndex('idx_media_md5_sum', '(md5_sum DESC)'), 'index public.idx_media_md5_sum'],
  [replaceIndex('idx_media_md5_sum', '(archive_url)'), 'index public.idx_media_md5_sum'],
  ['DROP INDEX idx_media_archive_url', 'index public.idx_media_archive_url'],
  [replaceIndex('idx_media_archive_url', '(archive_url)'), 'index public.idx_media_archive_url'],
  ['DROP INDEX idx_media_ai_status_created', QUEUE],
  [replaceIndex('idx_media_ai_status_created', '(ai_analysis_status, created_at)'), QUEUE],
  [
    replaceIndex(
      'idx_media_ai_status_created',
      `(created_at, ai_analysis_status) WHERE ai_analysis_status IN ('not_started', 'started')`,
    ),
    QUEUE,
  ],
  [
    replaceIndex(
      'idx_media_ai_status_created',
      `(ai_analysis_status, created_at) WHERE ai_analysis_status IN ('not_started')`,
    ),
    QUEUE,
  ],
  // Objects of our own.
  ['DROP TABLE mediakeep.settings', 'table mediakeep.settings'],
  ['DROP INDEX post_media_post_source_key', 'index public.post_media_post_source_key'],
  ['DROP INDEX posts_text_search_idx', 'index public.posts_text_search_idx'],
  [
    'ALTER TABLE mediakeep.contents DROP CONSTRAINT contents_name_key',
    'constraint contents_name_key on mediakeep.contents',
  ],
  [`COMMENT ON COLUMN ${MEDIA}.fate IS NULL`, `comment on column ${MEDIA}.fate`],
  ['ALTER TABLE posts DROP CONSTRAINT posts_urn_key', 'constraint UNIQUE (urn) on public.posts'],
  ['DROP INDEX idx_media_type', 'index public.idx_media_type'],
  [`ALTER TABLE posts ALTER platform SET DEFAULT 'other'`, 'column public.posts.platform'],
  ['ALTER TABLE posts ALTER raw_json TYPE jsonb USING raw_json::jsonb', 'column public.posts.raw_json'],
  [
    `DELETE FROM mediakeep.migrations WHERE name LIKE '%_index_post_text'`,
    'migration 20261123090400_index_post_text',
  ],
  [
    `INSERT INTO mediakeep.migrations (name, run_on) VALUES ('20251111111111_lost', now())`,
    'migration 20251111111111_lost',
  ],
]

test.each(drifts)('%s turns it red, and is named', async (drift, object) => {
  await database.pg.query(drift)
  const checks = await verifyDatabase(database.url)
  expect(exitCodeOf(checks)).toBe(1)
  expect(checks.filter((check) => !check.ok).map((check) => check.object)).toContain(object)
})

test.each([
  ['CREATE TABLE profiles (); CREATE VIEW v AS SELECT * FROM post_media'],
  [alter(`ADD COLUMN theirs int NOT NULL DEFAULT 1`)],
  ['CREATE INDEX theirs ON post_media (width); CREATE TABLE mediakeep.theirs ()'],
  [`ALTER TABLE posts RENAME CONSTRAINT posts_pkey TO theirs`],
])('%s is not ours to blame', async (change) => {
  await database.pg.query(change)
  expect((await verifyDatabase(database.url)).filter((check) => !check.ok)).toEqual([])
})

test('a newer migration than this code knows is a warning', async () => {
  await database.query(
    `INSERT INTO mediakeep.migrations (name, run_on) VALUES ('20991231000000_next', now())`,
  )
  const checks = await verifyDatabase(database.url)
  expect(exitCodeOf(checks)).toBe(0)
  expect(checks.filter((check) => !check.ok).map((check) => check.object)).toEqual([
    'migration 20991231000000_next',
  ])
})

test('one migration recorded under two versions is explained', async () => {
  await database.query(
    `INSERT INTO mediakeep.migrations (name, run_on) VALUES ('20251201203830_add_media_tracking_columns', now())`,
  )
  const checks = await verifyDatabase(database.url)
  expect(checks.filter((check) => !check.ok)).toEqual([])
  expect(checks.filter(({ actual }) => / (this|another) version$/.test(actual))).toMatchObject([
    { actual: 'recorded; also recorded as 20251201203830, the same migration under another version' },
    { object: 'migration 20251201203830_add_media_tracking_columns', actual: 'recorded under this version' },
  ])
})

test('a database that does not answer is an error, not a verdict', async () => {
  await expect(verifyDatabase('postgresql://nobody@127.0.0.1:1/none')).rejects.toThrow()
})
