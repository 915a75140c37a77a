import { exitCodeOf } from '@mediakeep/schema-verify'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dumpDatabase } from './database-dump.fixture.ts'
import { migrateDatabase } from './migrate-database.ts'
import { buildOriginalDatabase, ORIGINAL_POSTS } from './original-database.fixture.ts'
import { verifyDatabase } from './verify-database.ts'

let database: TestDatabase
let owner: TestRole
beforeEach(async () => {
  database = await createTestDatabase('empty')
  owner = await createTestRole(database, 'BYPASSRLS')
  await buildOriginalDatabase(database, owner)
})
afterEach(async () => {
  await owner.drop()
  await database.drop()
})

const OTHERS = ['profiles', 'tags', 'profile_tags', 'post_tags'].map((name) => `public.${name}`)
const GIVEN = ['download_runs', 'data_downloads'].map((name) => `public.${name}`)
const warnings = async (): Promise<string[]> =>
  (await verifyDatabase(owner.url)).filter(({ ok }) => !ok).map(({ object }) => object)

test('a database of the original tool is adopted, and no row or log of it is lost', async () => {
  const before = await dumpDatabase(database)
  const report = await migrateDatabase(owner.url)
  expect(report.reconciled).toMatchObject({ keyed: 4, merged: 1, parsedLogs: 2 })
  const after = await dumpDatabase(database)
  const parsed = (rows: readonly string[]): object[] => rows.map((row) => JSON.parse(row) as object)
  // Our columns exist but are empty: migrating does not read the posts' JSON.
  const ours = {
    ...{ source_id: null, identified_at: null, findings: null },
    ...{ author_id: null, author_name: null, language: null, post_links: null },
  }
  expect(parsed(after['public.posts']!)).toEqual(
    parsed(before['public.posts']!).map((row) => ({ ...row, ...ours })),
  )
  for (const table of [...GIVEN, ...OTHERS]) expect(after[table], table).toEqual(before[table])
  expect(after['policies']).toEqual(before['policies'])

  const { rows: media } =
    await owner.query(`SELECT media_id, md5_sum, ai_analysis, ai_analysis_status, local_file_path,
    jsonb_array_length(ai_analysis_log) AS events, ai_analysis_log -> 0 ->> 'model' AS model FROM post_media ORDER BY 1`)
  expect(media).toMatchObject([
    {
      media_id: 'med-00000001',
      ai_analysis: 'A harbour at dawn',
      ai_analysis_status: 'completed',
      events: 2,
      model: 'older-model',
    },
    { media_id: 'med-00000003', ai_analysis_status: 'not_started', events: 0 },
    { media_id: 'med-00000004', ai_analysis_status: 'failed', events: 1 },
  ])
  const { rows: queue } = await owner.query('SELECT media_id, action FROM action_queue ORDER BY action_id')
  expect(queue).toEqual([
    { media_id: 'med-00000001', action: 'share' },
    { media_id: 'med-00000001', action: 'crop' },
  ])
  const { rows: view } = await owner.query('SELECT count(*)::int AS n FROM media_overview')
  expect(view).toEqual([{ n: 3 }])
})

test('verification names with a command what is left to do, and is green once nothing is', async () => {
  await migrateDatabase(owner.url)
  expect(await warnings()).toEqual([
    'fetched rows of post_media without a SHA-256, whose files cannot be served',
  ])
  expect(exitCodeOf(await verifyDatabase(owner.url))).toBe(0)
  await owner.query(`UPDATE post_media SET sha256_sum = md5(media_id) || md5(post_id) WHERE fate = 'fetched'`)
  expect(await warnings()).toEqual([])
})

test('for a role from which policies hide rows, the table fails and its rules are not counted', async () => {
  await migrateDatabase(owner.url)
  await database.query(`ALTER ROLE ${owner.name} NOBYPASSRLS`)
  await database.query(`ALTER TABLE public.post_media FORCE ROW LEVEL SECURITY`)
  const hidden = (await verifyDatabase(owner.url)).filter(({ actual }) =>
    actual.includes('row-level security'),
  )
  const [table, ...rules] = hidden
  expect(table).toMatchObject({ object: 'rows of public.post_media', ok: false, severity: 'error' })
  expect(rules.length).toBeGreaterThan(0)
  for (const rule of rules) expect(rule).toMatchObject({ ok: false, severity: 'warning' })
})

test('roles of the public get no rights on our own tables', async () => {
  await migrateDatabase(owner.url)
  const { rows } =
    await database.query(`SELECT c.relname AS table FROM pg_class c, unnest(ARRAY['anon', 'authenticated']) r
    WHERE c.relnamespace = 'mediakeep'::regnamespace AND c.relkind = 'r' AND has_table_privilege(r, c.oid, 'SELECT')`)
  expect(rows).toEqual([])
})

test('old writers find what they look up by full urn, and insert as before', async () => {
  await migrateDatabase(owner.url)
  const { rows } = await owner.query('SELECT post_id FROM posts WHERE urn = ANY ($1)', [
    ORIGINAL_POSTS.map(({ urn }) => urn),
  ])
  expect(rows).toHaveLength(ORIGINAL_POSTS.length)
  await owner.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, ai_analysis_status, ai_analysis_log)
    VALUES ('med-00000009', 'p-00000002', 'image', 'https://media.licdn.example/new', 'pending', to_jsonb('[]'::text))`)
  expect(await migrateDatabase(owner.url)).toMatchObject({
    applied: [],
    reconciled: { keyed: 1, parsedLogs: 1 },
  })
})
