import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { undo } from '@mediakeep/migrations'
import { exitCodeOf } from '@mediakeep/schema-verify'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrateDatabase } from './migrate-database.ts'
import { addSupabaseHistory, buildInstallation, TRACKING } from './migrate-installation.fixture.ts'
import { verifyDatabase } from './verify-database.ts'

const GIVEN = ['20251130223349_create_schema', '20251201123623_add_media_tracking_columns']

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('empty')
})
afterEach(() => database.drop())

/** All failures except the files that an operator has yet to adopt, which a migration cannot do. */
async function failures(): Promise<unknown[]> {
  const checks = await verifyDatabase(database.url)
  return checks.filter(({ ok, mend }) => !ok && !mend?.startsWith('mediakeep cache adopt'))
}
async function count(what: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`SELECT count(*) AS n FROM ${what}`)
  return rows[0]!.n
}

test('an empty database gets everything, and verification is green', async () => {
  const { applied, adopted } = await migrateDatabase(database.url)
  expect(adopted).toEqual([])
  expect(applied).toEqual(expect.arrayContaining(GIVEN))
  expect(await failures()).toEqual([])
  expect(await migrateDatabase(database.url)).toMatchObject({ applied: [], reconciled: { keyed: 0 } })
})

test('the migrator makes what the template of the tests has', async () => {
  const template = await createTestDatabase()
  expect(await migrateDatabase(template.url)).toMatchObject({ applied: [], adopted: [] })
  expect((await verifyDatabase(template.url)).filter((check) => !check.ok)).toEqual([])
  await template.drop()
})

describe.each([1, 2] as const)('a database that others made up to section %i', (sections) => {
  beforeEach(() => buildInstallation(database, sections))

  test('is adopted without loss, and verification is green', async () => {
    const before = (await database.query<Whole>('SELECT to_jsonb(m) AS row FROM post_media m')).rows
    const { adopted, completed, reconciled } = await migrateDatabase(database.url)
    expect(adopted).toEqual(GIVEN.slice(0, sections))
    expect(completed).toEqual([])
    expect(reconciled).toMatchObject({ keyed: 1000, merged: 100 })
    expect(await failures()).toEqual([])

    expect(await count('post_media')).toBe(900)
    expect(await count('post_tags JOIN post_media USING (media_id)')).toBe(1000)
    expect(await count('posts')).toBe(100)
    expect(await count('analysed')).toBeGreaterThan(250)
    expect(await count(`post_media WHERE ai_analysis_status = 'pending' OR ai_analysis_log IS NULL`)).toBe(0)
    await expectNothingLost(before)
    expect(await migrateDatabase(database.url)).toMatchObject({
      adopted: [],
      applied: [],
      reconciled: { keyed: 0 },
    })
  })

  interface Whole {
    row: Record<string, unknown>
  }
  /** Each old row is still in the table, or is stored whole among the merged rows with its analysis in the survivor. */
  async function expectNothingLost(before: readonly Whole[]): Promise<void> {
    const { rows: after } = await database.query<Whole>('SELECT to_jsonb(m) AS row FROM post_media m')
    const kept = new Map(after.map(({ row }) => [row['media_id'], row]))
    const { rows: merged } = await database.query<Whole & { id: string; survivor: string }>(
      'SELECT media_id AS id, survivor_id AS survivor, merged_row AS row FROM mediakeep.merged_media',
    )
    const gone = new Map(merged.map((entry) => [entry.id as unknown, entry]))
    for (const { row } of before) {
      const loser = gone.get(row['media_id'])
      // (Section 2 sets pending to not_started before any rows are merged.)
      const { ai_analysis_status: status, ai_analysis_log: log, ...rest } = row
      const found = loser ? loser.row : kept.get(row['media_id'])
      const survivor = kept.get(loser?.survivor ?? row['media_id'])
      const unchanged = Object.entries(rest).filter(
        ([name, value]) => loser !== undefined || (value !== null && !/_at$/.test(name)),
      )
      expect(found).toMatchObject(Object.fromEntries(unchanged))
      if (status === 'completed') expect(survivor).toMatchObject({ ai_analysis_status: 'completed' })
      if (log) expect(survivor!['ai_analysis_log']).toEqual(expect.arrayContaining(log as unknown[]))
    }
  }

  test('stays open to its old writers', async () => {
    await migrateDatabase(database.url)
    await database.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, ai_analysis_status)
      VALUES ('med-new', 'p-1', 'image', 'https://media.example/new', 'pending')`)
    const warnings = await failures()
    expect(warnings).toHaveLength(3)
    expect(warnings).toMatchObject([{ actual: '1' }, { actual: '1' }, { actual: '1' }])
    expect(exitCodeOf(await verifyDatabase(database.url))).toBe(0)
    await migrateDatabase(database.url)
    expect(await failures()).toEqual([])
  })

  test('two migrators at once both succeed', async () => {
    const reports = await Promise.all([migrateDatabase(database.url), migrateDatabase(database.url)])
    expect(reports.flatMap((report) => report.adopted)).toEqual(GIVEN.slice(0, sections))
    expect(reports.reduce((sum, report) => sum + report.reconciled!.merged, 0)).toBe(100)
    expect(await failures()).toEqual([])
  })
})

test("Supabase's history, with section 2 under another version, is explained and nothing applied twice", async () => {
  await buildInstallation(database, 2)
  await addSupabaseHistory(database)
  const lines: string[] = []
  await migrateDatabase(database.url, { log: (line) => lines.push(line) })
  expect(lines.join('\n')).toContain('20251201203830, the same migration under another version')
  const checks = await verifyDatabase(database.url)
  expect(checks.filter((check) => !check.ok && check.severity === 'error')).toEqual([])
  expect(checks.find(({ object }) => object === `migration ${GIVEN[1]!}`)).toMatchObject({
    ok: true,
    actual: 'recorded; also recorded as 20251201203830, the same migration under another version',
  })
})

test.each(TRACKING.map((statement, index) => [statement, index] as const))(
  'completes section 2 without: %s',
  async (_, index) => {
    await buildInstallation(database, 1)
    for (const [at, statement] of TRACKING.entries()) {
      // An index, constraint or comment depends on its column.
      const needed = [/md5_sum/, /archive_url/, /ai_analysis_log/][index]
      if (at !== index && !(needed && needed.test(statement))) await database.query(statement)
    }
    const { completed } = await migrateDatabase(database.url)
    expect(completed.length).toBeGreaterThan(0)
    expect(await failures()).toEqual([])
  },
)

test('what is ours can be undone and done again, rows of others kept', async () => {
  await buildInstallation(database, 2)
  await migrateDatabase(database.url)
  const folder = join(import.meta.dirname, '../migrations')
  const ours = (await readdir(folder)).filter((file) => file.endsWith('.down.sql')).length
  const history = { url: database.url, folder, historySchema: 'mediakeep', historyTable: 'migrations' }
  expect(await undo({ ...history, count: ours })).toHaveLength(ours)
  expect(await count('post_media')).toBe(900)
  await expect(undo(history)).rejects.toMatchObject({ code: 'migration_stays' })
  await migrateDatabase(database.url)
  expect(await failures()).toEqual([])
})

test('base tables that are there in part are named', async () => {
  await database.query('CREATE TABLE public.posts (title text)')
  await expect(migrateDatabase(database.url)).rejects.toMatchObject({
    refusals: expect.arrayContaining([
      expect.stringContaining('public.posts has no column urn'),
      expect.stringContaining('lacks table download_runs, table data_downloads, table post_media'),
    ]) as string[],
  })
})

test('a dry run says what would be done', async () => {
  await buildInstallation(database, 1)
  const { adopted, applied } = await migrateDatabase(database.url, { dryRun: true })
  expect(adopted).toEqual(GIVEN.slice(0, 1))
  expect(applied[0]).toBe(GIVEN[1])
  expect(await count(`pg_namespace WHERE nspname = 'mediakeep'`)).toBe(0)
})
