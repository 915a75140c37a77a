import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, type MigrationOptions } from './migrate.ts'
import { undo } from './undo.ts'
import { status } from './status.ts'

const ONE = '20260101000000_one'
const TWO = '20260102000000_two'
const THREE = '20260103000000_three'

let database: TestDatabase
let folder: string
let lines: string[]
let options: MigrationOptions

beforeEach(async () => {
  database = await createTestDatabase('empty')
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  lines = []
  const log = (line: string): unknown => lines.push(line)
  options = { url: database.url, folder, historySchema: 'keep', historyTable: 'migrations', log }
  await write({ [`${ONE}.sql`]: 'CREATE TABLE one (id int);\nINSERT INTO one VALUES (1);' })
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
}
async function history(): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>('SELECT name FROM keep.migrations ORDER BY id')
  return rows.map((row) => row.name)
}
async function relation(name: string): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    name,
  ])
  return rows[0]!.there
}

test('applies what is new, once', async () => {
  expect(await migrate(options)).toMatchObject({ applied: [ONE], adopted: [] })
  await write({ [`${TWO}.sql`]: 'CREATE TABLE two (id int)', 'README.md': 'not a migration' })
  expect(await migrate(options)).toMatchObject({ applied: [TWO] })
  expect(await migrate(options)).toMatchObject({ applied: [] })
  expect(await history()).toEqual([ONE, TWO])
})

test('a dry run says what would be done and leaves the database alone', async () => {
  expect(await migrate({ ...options, dryRun: true })).toMatchObject({ applied: [ONE] })
  expect(await relation('keep.migrations')).toBe(false)
})

test('a migration that fails half-way is rolled back and not recorded; what went before stays', async () => {
  await write({
    [`${TWO}.sql`]: 'CREATE TABLE two (id int);\nSELECT 1/0;',
    [`${THREE}.sql`]: 'CREATE TABLE three (id int)',
  })
  await expect(migrate(options)).rejects.toMatchObject({
    code: 'migration_failed',
    migration: TWO,
    message: expect.stringContaining('division by zero') as string,
  })
  expect(await history()).toEqual([ONE])
  expect(await relation('two')).toBe(false)
  await write({ [`${TWO}.sql`]: 'CREATE TABLE two (id int)' })
  expect(await migrate(options)).toMatchObject({ applied: [TWO, THREE] })
})

test('many migrators at once all succeed, and each migration runs once', async () => {
  await write({
    [`${TWO}.sql`]: 'SELECT pg_sleep(0.3); UPDATE one SET id = id + 1;',
    [`${THREE}.sql`]: '-- no-transaction\nCREATE INDEX CONCURRENTLY one_id_idx ON one (id);',
  })
  const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(options)))
  expect(reports.flatMap((report) => report.applied).sort()).toEqual([ONE, TWO, THREE])
  expect((await database.query('SELECT id FROM one')).rows).toEqual([{ id: 2 }])
  expect(await history()).toEqual([ONE, TWO, THREE])
})

test('gives up on another migrator that never ends', async () => {
  await write({ [`${TWO}.sql`]: 'SELECT pg_sleep(2)' })
  const slow = migrate(options)
  await sleep(300)
  await expect(migrate({ ...options, waitMs: 300 })).rejects.toMatchObject({ code: 'migration_locked' })
  await slow
})

test('a killed migrator leaves nothing half-done and does not block the next', async () => {
  await write({ [`${TWO}.sql`]: 'CREATE TABLE two (id int); SELECT pg_sleep(30);' })
  const script = `import { migrate } from ${JSON.stringify(join(import.meta.dirname, 'migrate.ts'))}
    process.once('message', (options) => migrate({ ...options, log: (line) => process.send(line) }))`
  const file = join(folder, 'child.mjs')
  await writeFile(file, script)
  const child = fork(file)
  child.send({ ...options, log: undefined })
  const isAsleep = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`
  while ((await database.query(isAsleep)).rowCount === 0) await sleep(20)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await write({ [`${TWO}.sql`]: 'CREATE TABLE two (name text)' })
  expect(await migrate({ ...options, waitMs: 10_000 })).toMatchObject({ applied: [TWO] })
  expect(await history()).toEqual([ONE, TWO])
})

describe('locks on tables', () => {
  test('a migration gives way to a long reader, and is tried again', async () => {
    await migrate(options)
    await write({ [`${TWO}.sql`]: 'ALTER TABLE one ADD COLUMN name text' })
    const reader = database.transaction(async (sql) => {
      await sql.query('SELECT * FROM one')
      await sleep(700)
    })
    await sleep(50)
    const migrated = migrate({ ...options, lockTimeoutMs: 100 })
    await sleep(250)
    // While the migration waits between attempts, other sessions can read.
    await database.pg.query("SET statement_timeout = '5s'; SELECT * FROM one")
    expect(await migrated).toMatchObject({ applied: [TWO] })
    await reader
    expect(lines.join()).toContain('a lock was in the way')
  })

  test('after its attempts it fails with the lock as its reason', async () => {
    await migrate(options)
    await write({ [`${TWO}.sql`]: 'ALTER TABLE one ADD COLUMN name text' })
    await database.transaction(async (sql) => {
      await sql.query('SELECT * FROM one')
      const failed = migrate({ ...options, lockTimeoutMs: 50, attempts: 2 })
      await expect(failed).rejects.toMatchObject({ migration: TWO, cause: { code: '55P03' } })
    })
    expect(await history()).toEqual([ONE])
  })
})

describe('without a transaction', () => {
  const index =
    '-- no-transaction\n-- a; comment\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_key ON public.one (id);'
  const valid = async (): Promise<unknown> =>
    (await database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('one_key')")).rows

  test('a half-built index is found and built again', async () => {
    await migrate(options)
    await database.query('INSERT INTO one VALUES (1)')
    await write({ [`${TWO}.sql`]: index })
    await expect(migrate(options)).rejects.toMatchObject({ migration: TWO })
    expect(await valid()).toEqual([{ indisvalid: false }])
    expect(await history()).toEqual([ONE])
    await database.query('DELETE FROM one')
    expect(await migrate(options)).toMatchObject({ rebuilt: ['public.one_key'], applied: [TWO] })
    expect(await valid()).toEqual([{ indisvalid: true }])
  })

  test('so is one of a migration that is recorded already', async () => {
    await write({ [`${TWO}.sql`]: index })
    await migrate(options)
    await database.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'one_key'::regclass")
    expect(await migrate(options)).toMatchObject({ rebuilt: ['public.one_key'], applied: [] })
    expect(await valid()).toEqual([{ indisvalid: true }])
  })
})

describe('undoing', () => {
  test('undoes the last migration and can apply it again', async () => {
    await write({ [`${TWO}.sql`]: 'CREATE TABLE two (id int)', [`${TWO}.down.sql`]: 'DROP TABLE two' })
    await migrate(options)
    expect(await undo(options)).toEqual([TWO])
    expect(await relation('two')).toBe(false)
    expect(await migrate(options)).toMatchObject({ applied: [TWO] })
  })

  test('refuses what cannot be undone, before anything is', async () => {
    await write({ [`${TWO}.sql`]: 'CREATE TABLE two (id int)', [`${TWO}.down.sql`]: 'DROP TABLE two' })
    await migrate(options)
    await expect(undo({ ...options, count: 2 })).rejects.toMatchObject({ code: 'migration_stays' })
    expect(await history()).toEqual([ONE, TWO])
  })
})

test('status tells applied, pending and unknown', async () => {
  await migrate(options)
  await write({ [`${TWO}.sql`]: 'SELECT 1' })
  await database.query("INSERT INTO keep.migrations (name, run_on) VALUES ('20250101000000_gone', now())")
  expect((await status(options)).map(({ name, state }) => [name, state])).toEqual([
    ['20250101000000_gone', 'unknown'],
    [ONE, 'applied'],
    [TWO, 'pending'],
  ])
})
