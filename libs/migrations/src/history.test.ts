import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, type MigrationOptions } from './migrate.ts'
import { status } from './status.ts'
import { undo } from './undo.ts'

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
  for (const name of [ONE, TWO, THREE]) {
    const table = name.slice(15)
    await writeFile(join(folder, `${name}.sql`), `CREATE TABLE ${table} (id int);\n`)
    await writeFile(join(folder, `${name}.down.sql`), `DROP TABLE ${table};\n`)
  }
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

const recorded = async (): Promise<Record<string, unknown>[]> =>
  (await database.query('SELECT name, checksum, note FROM keep.migrations ORDER BY id')).rows
const edited = async (): Promise<string[]> =>
  (await status(options)).filter((line) => line.edited).map(({ name }) => name)

describe('checksums', () => {
  test('are recorded with each migration, in its transaction or without one', async () => {
    await writeFile(join(folder, `${TWO}.sql`), '-- no-transaction\nCREATE TABLE two (id int);')
    await migrate(options)
    const rows = await recorded()
    expect(rows.map((row) => String(row['checksum']).length)).toEqual([64, 64, 64])
    expect(new Set(rows.map((row) => row['checksum'])).size).toBe(3)
  })

  test('an edited file is found and told; other line ends are no edit', async () => {
    await migrate(options)
    await writeFile(join(folder, `${ONE}.sql`), '\uFEFFCREATE TABLE one (id int);\r\n')
    expect(await edited()).toEqual([])
    await writeFile(join(folder, `${TWO}.sql`), 'CREATE TABLE two (id bigint);\n')
    expect(await edited()).toEqual([TWO])
    await migrate(options)
    expect(lines.at(-1)).toContain(`${TWO}.sql was edited after it was applied`)
  })

  test('a history without them gets those of its files, and loses nothing', async () => {
    await database.pg.query(`CREATE SCHEMA keep; CREATE TABLE one (id int);
      CREATE TABLE keep.migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
      INSERT INTO keep.migrations (name, run_on) VALUES ('${ONE}', '2026-01-01')`)
    expect((await status(options)).map(({ state }) => state)).toEqual(['applied', 'pending', 'pending'])
    await migrate(options)
    expect((await recorded()).every(({ checksum }) => checksum !== null)).toBe(true)
  })
})

test('one applied out of order is applied, and told', async () => {
  await rename(join(folder, `${TWO}.sql`), join(folder, 'later'))
  await rename(join(folder, `${TWO}.down.sql`), join(folder, 'later.down'))
  await migrate(options)
  await rename(join(folder, 'later'), join(folder, `${TWO}.sql`))
  await rename(join(folder, 'later.down'), join(folder, `${TWO}.down.sql`))
  expect(await migrate(options)).toMatchObject({ applied: [TWO] })
  expect((await status(options)).map(({ appliedAfter }) => appliedAfter)).toEqual([
    undefined,
    THREE,
    undefined,
  ])
  // Ordered by version, not by when they ran.
  expect(await undo({ ...options, to: ONE })).toEqual([THREE, TWO])
})

test('a database that newer code migrated is refused, and nothing is done', async () => {
  await migrate(options)
  await rm(join(folder, `${THREE}.sql`))
  await rm(join(folder, `${THREE}.down.sql`))
  await writeFile(join(folder, '20260102120000_between.sql'), 'CREATE TABLE between_ (id int)')
  const refused = { code: 'migration_newer_schema', migrations: [THREE] }
  await expect(migrate(options)).rejects.toMatchObject(refused)
  await expect(migrate({ ...options, dryRun: true })).rejects.toMatchObject(refused)
  expect(await recorded()).toHaveLength(3)
})

describe('--to and --down', () => {
  test('stops at a version, name or title; a name that is none is refused', async () => {
    expect(await migrate({ ...options, to: '20260101000000' })).toMatchObject({ applied: [ONE] })
    expect(await migrate({ ...options, to: 'two', dryRun: true })).toMatchObject({ applied: [TWO] })
    expect(await migrate({ ...options, to: TWO })).toMatchObject({ applied: [TWO] })
    await expect(migrate({ ...options, to: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_migration' })
  })

  test('undoes down to a version, and says what it would undo', async () => {
    await migrate(options)
    expect(await undo({ ...options, to: 'one', dryRun: true })).toEqual([THREE, TWO])
    expect(await recorded()).toHaveLength(3)
    expect(await undo({ ...options, to: 'one' })).toEqual([THREE, TWO])
    expect((await recorded()).map(({ name }) => name)).toEqual([ONE])
    await expect(undo({ ...options, to: 'three' })).rejects.toMatchObject({ code: 'invalid_migration' })
  })

  const stay = async (message: string, more: Partial<Parameters<typeof undo>[0]> = {}): Promise<void> => {
    const before = await recorded()
    await expect(undo({ ...options, count: 3, ...more })).rejects.toMatchObject({
      code: 'migration_stays',
      message: expect.stringContaining(message) as string,
    })
    expect(await recorded()).toEqual(before)
  }

  test('what is named as staying stays, and nothing is undone', async () => {
    await migrate(options)
    await stay('the rows are theirs', { stays: [{ migration: ONE, reason: 'the rows are theirs' }] })
    const rule = { migration: TWO, reason: 'it merged', when: 'SELECT EXISTS (SELECT FROM one)' }
    await database.query('INSERT INTO one VALUES (1)')
    await stay('it merged', { stays: [rule] })
    await database.query('DELETE FROM one')
    expect(await undo({ ...options, count: 3, stays: [rule] })).toEqual([THREE, TWO, ONE])
  })

  test('what was adopted stays', async () => {
    await database.query('CREATE TABLE one (id int)')
    const isPresent = `SELECT to_regclass('one') IS NOT NULL`
    const adopt = [{ migration: ONE, objects: [{ object: 'table one', isPresent }] }]
    await migrate({ ...options, adopt })
    expect((await recorded())[0]).toMatchObject({ note: 'adopted: its objects are there' })
    await stay('others applied it')
  })

  test('what has no file to undo it stays, and what has no file at all', async () => {
    await migrate(options)
    await rm(join(folder, `${ONE}.down.sql`))
    await stay(`there is no ${ONE}.down.sql`)
    await rm(join(folder, `${TWO}.down.sql`))
    await rm(join(folder, `${TWO}.sql`))
    await stay('this code has no file of it')
  })
})

test('a long data change tells its progress', async () => {
  await writeFile(
    join(folder, `${THREE}.sql`),
    `-- no-transaction\nDO $$ BEGIN FOR n IN 1..2 LOOP RAISE NOTICE 'batch %', n; COMMIT; END LOOP; END $$;
     DROP TABLE IF EXISTS nothing;`,
  )
  await migrate(options)
  expect(lines.slice(-2)).toEqual(['batch 1', 'batch 2'])
})
