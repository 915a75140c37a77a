import { formatFinding } from '@mediakeep/migrations'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { migrateTask } from '@mediakeep/tools'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { database as project } from './database.ts'
import { dumpDatabase } from './database-dump.fixture.ts'
import { migrateDatabase } from './migrate-database.ts'
import { buildOriginalDatabase, OBSTACLES } from './original-database.fixture.ts'
import { noteReaders } from './preflight-readers.ts'

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

const asOwner = (sql: string): string => sql.replaceAll(':owner', owner.name)
async function check(): Promise<{ code: number; lines: string }> {
  const lines: string[] = []
  const code = await migrateTask(project, owner.url, { check: true }, (line) => lines.push(line))
  return { code, lines: lines.join('\n') }
}

async function dryRun(): Promise<string[]> {
  const lines: string[] = []
  await migrateTask(project, owner.url, { dryRun: true }, (line) => lines.push(line))
  return lines
}
const LEASE_COLUMNS = ['download_lease_token', 'download_lease_expires_at']

test.each(OBSTACLES)('$name: named with the remedy, and nothing is changed', async ({ sql, named }) => {
  await database.pg.query(asOwner(`SET search_path = public; ${sql}`))
  const before = await dumpDatabase(database)
  const refused = await migrateDatabase(owner.url).catch((error: unknown) => error as Error)
  expect(refused).toMatchObject({ code: 'migration_preflight' })
  for (const text of named) expect((refused as Error).message).toContain(text)
  const { code, lines } = await check()
  expect(code).toBe(1)
  for (const text of named) expect(lines).toContain(text)
  expect(await dumpDatabase(database)).toEqual(before)
})

test('all problems are named at once', async () => {
  const some = OBSTACLES.filter(({ name }) => /status|name is taken/.test(name))
  for (const { sql } of some) await database.pg.query(asOwner(`SET search_path = public; ${sql}`))
  const { lines } = await check()
  for (const { named } of some) for (const text of named) expect(lines).toContain(text)
  expect(lines).toContain('4 problems; nothing was changed')
})

test('a check of the base says nothing stands in the way, notes who reads along, and changes nothing', async () => {
  const before = await dumpDatabase(database)
  const { code, lines } = await check()
  expect(code).toBe(0)
  expect(lines).toContain('anon, authenticated, service_role may read public.post_media')
  expect(lines).toContain('nothing stands in the way')
  expect(await dumpDatabase(database)).toEqual(before)
})

test('the status processing of an old analyser becomes not_started, and the check says to stop it first', async () => {
  await owner.pg.query(`ALTER TABLE post_media DROP CONSTRAINT post_media_ai_analysis_status_check;
    UPDATE post_media SET ai_analysis_status = 'processing' WHERE media_id = 'med-00000003'`)
  const { code, lines } = await check()
  expect(code).toBe(0)
  expect(lines).toContain('1 rows of public.post_media have the analysis status processing')
  expect(lines).toContain('Stop the old analyser first')
  await migrateDatabase(owner.url)
  const { rows } = await database.query(`SELECT ai_analysis_status AS status FROM public.post_media
    WHERE media_id = 'med-00000003'`)
  expect(rows).toEqual([{ status: 'not_started' }])
  await expect(owner.query(`UPDATE post_media SET ai_analysis_status = 'processing'`)).rejects.toThrow(
    /check/,
  )
})

test('a check counts the duplicates that migrating would merge, and so does a dry run', async () => {
  await owner.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url) VALUES
    ('med-00000005', 'p-00000003', 'image', 'https://cdn.example/a.jpg?x=1&amp;y=2'),
    ('med-00000006', 'p-00000003', 'image', 'https://cdn.example/a.jpg?x=1&y=2'),
    ('med-00000007', 'p-00000003', 'image', 'not a URL'), ('med-00000008', 'p-00000003', 'image', 'not a URL'),
    ('med-00000009', 'p-00000002', 'image', 'not a URL')`)
  const before = await dumpDatabase(database)
  const counted = 'would merge 3 duplicate rows of public.post_media'
  expect((await check()).lines).toContain(counted)
  expect((await dryRun()).join('\n')).toContain(counted)
  expect(await dumpDatabase(database)).toEqual(before)
  expect((await migrateDatabase(owner.url)).reconciled).toMatchObject({ merged: 3 })
  expect((await check()).lines).toContain('no duplicate rows of public.post_media to merge')
})

test('a dry run counts the duplicates that an older writer added since', async () => {
  await migrateDatabase(owner.url)
  await owner.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url)
    SELECT 'med-new', post_id, media_type, media_url || '&x' FROM post_media WHERE media_id = 'med-00000004'
    UNION ALL SELECT 'med-again', post_id, media_type, replace(media_url, 't=a', 't=c') FROM post_media WHERE media_id = 'med-00000001'`)
  expect((await dryRun()).join('\n')).toContain('would merge 1 duplicate rows')
  expect((await migrateDatabase(owner.url)).reconciled).toMatchObject({ merged: 1 })
})

test('the statements that a check prints keep leases from a role, before and after the migration', async () => {
  const reads = async (column: string): Promise<boolean> => {
    const { rows } = await owner.query<{ may: boolean }>(
      `SELECT has_column_privilege('anon', 'public.post_media', $1, 'SELECT') AS may`,
      [column],
    )
    return rows[0]!.may
  }
  const statements = /^ {2}(REVOKE SELECT ON public\.post_media FROM anon;.*)$/m
  await owner.pg.query(statements.exec((await check()).lines)![1]!)
  await migrateDatabase(owner.url)
  expect(await reads('media_url')).toBe(true)
  for (const column of LEASE_COLUMNS) expect(await reads(column), column).toBe(false)

  // The same for a later upgrade, when the columns exist and all are granted.
  await owner.query('GRANT SELECT ON post_media TO anon')
  const [later] = await noteReaders(owner)
  await owner.pg.query(statements.exec(formatFinding(later!))![1]!)
  expect(await reads('fate')).toBe(true)
  for (const column of LEASE_COLUMNS) expect(await reads(column), column).toBe(false)
})

test('the publications that would send new columns are named, and the statements exclude them', async () => {
  await database.pg
    .query(`CREATE PUBLICATION feed FOR TABLE public.posts WHERE (is_read = false), public.post_media;
    CREATE PUBLICATION chosen FOR TABLE public.posts (post_id, text_content);
    CREATE PUBLICATION others FOR TABLE public.tags; CREATE PUBLICATION everything FOR ALL TABLES;
    ALTER PUBLICATION feed OWNER TO ${owner.name}`)
  const { lines } = await check()
  expect(lines).toContain(
    'the publication feed will also send the columns that Mediakeep adds to public.posts: source_id, identified_at',
  )
  expect(lines).toMatch(
    /the publication everything will also send .*public\.posts.*CREATE PUBLICATION another_name/,
  )
  expect(lines).not.toMatch(/publication (chosen|others)/)
  for (const [, statements] of lines.matchAll(/publication feed .* run (BEGIN; .*; COMMIT)$/gm)) {
    await owner.pg.query(statements!)
  }
  await migrateDatabase(owner.url)
  const { rows } =
    await owner.query(`SELECT tablename AS table, rowfilter AS filter, attnames && '{source_id,fate}' AS "isSent"
    FROM pg_publication_tables WHERE pubname = 'feed' ORDER BY 1`)
  expect(rows).toEqual([
    { table: 'post_media', filter: null, isSent: false },
    { table: 'posts', filter: '(is_read = false)', isSent: false },
  ])
})
