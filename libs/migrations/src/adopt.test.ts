import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, type MigrationOptions } from './migrate.ts'

const NAME = '20260101000000_tables'
let database: TestDatabase
let folder: string
let lines: string[]
let options: MigrationOptions

beforeEach(async () => {
  database = await createTestDatabase('empty')
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  await writeFile(join(folder, `${NAME}.sql`), 'CREATE TABLE a (id int); CREATE TABLE b (id int);')
  lines = []
  options = {
    url: database.url,
    folder,
    historySchema: 'keep',
    historyTable: 'migrations',
    log: (line) => lines.push(line),
    adopt: [
      {
        migration: NAME,
        objects: [
          { object: 'table a', isPresent: "SELECT to_regclass('a') IS NOT NULL" },
          { object: 'table b', isPresent: "SELECT to_regclass('b') IS NOT NULL" },
        ],
      },
    ],
  }
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

test('a migration whose objects are there is recorded, not run', async () => {
  await database.pg.query('CREATE TABLE a (id int); CREATE TABLE b (id int); INSERT INTO a VALUES (7)')
  expect(await migrate(options)).toMatchObject({ adopted: [NAME], completed: [], applied: [] })
  expect(await migrate(options)).toMatchObject({ adopted: [], applied: [] })
  expect((await database.query('SELECT * FROM a')).rows).toEqual([{ id: 7 }])
})

test('without its objects it runs', async () => {
  expect(await migrate(options)).toMatchObject({ adopted: [], applied: [NAME] })
})

test('a file that makes only what is missing runs, and what it completes is named', async () => {
  await writeFile(
    join(folder, `${NAME}.sql`),
    'CREATE TABLE IF NOT EXISTS a (id int); CREATE TABLE IF NOT EXISTS b (id int)',
  )
  await database.query('CREATE TABLE a (id int)')
  const adopt = options.adopt!.map((rule) => ({ ...rule, completes: true }))
  expect(await migrate({ ...options, adopt })).toMatchObject({
    adopted: [],
    applied: [NAME],
    completed: ['table b'],
  })
  expect(lines[0]).toBe('missing, to be completed: table b')
  await database.query('SELECT * FROM b')
})

test('what is missing and cannot be made is named, and nothing is done', async () => {
  await database.query('CREATE TABLE b (id int)')
  await expect(migrate(options)).rejects.toMatchObject({
    code: 'migration_partly_applied',
    missing: ['table a'],
    message: expect.stringContaining('it has table b, but lacks table a') as string,
  })
})

test("Supabase's history explains another version", async () => {
  await database.pg
    .query(`CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE SCHEMA supabase_migrations;
    CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
    INSERT INTO supabase_migrations.schema_migrations VALUES ('20260101999999', NULL, 'tables')`)
  expect(await migrate(options)).toMatchObject({ adopted: [NAME] })
  expect(lines.join()).toContain("Supabase's history has it as 20260101999999")
})

test('a file renamed since it was applied is not applied again', async () => {
  await migrate(options)
  await rm(join(folder, `${NAME}.sql`))
  const renamed = '20260101000001_tables'
  await writeFile(join(folder, `${renamed}.sql`), 'CREATE TABLE a (id int)')
  expect(await migrate({ ...options, adopt: [] })).toMatchObject({ adopted: [renamed], applied: [] })
  expect(lines.join()).toContain(`recorded as ${NAME}`)
})
