import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lintTask } from './lint.ts'
import type { DatabaseProject } from './database-project.ts'

let folder: string
let project: DatabaseProject
const lines: string[] = []

const CONTRACT = (columns: string): string => `export const schema = {
  schemas: { shop: '' },
  tables: [
    { table: 'shop.migrations', columns: {} },
    { table: 'shop.things', columns: { ${columns} }, constraints: { things_pkey: 'PRIMARY KEY (id)' } },
  ],
}`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-'))
  await mkdir(join(folder, 'migrations'))
  lines.length = 0
  project = {
    migrations: { folder: join(folder, 'migrations'), historySchema: 'shop', historyTable: 'migrations' },
    contractFolder: folder,
    schemas: ['shop'],
  }
  await sql('20260101000000_things', 'CREATE TABLE shop.things (id bigint PRIMARY KEY, name text NOT NULL);')
})
afterEach(() => rm(folder, { recursive: true }))

const sql = (name: string, text: string): Promise<void> =>
  writeFile(join(folder, 'migrations', `${name}.sql`), text)
const lint = (): Promise<number> => lintTask(project, (line) => lines.push(line))

test('an object that a migration makes and the contract does not name is named', async () => {
  await writeFile(join(folder, 'schema.ts'), CONTRACT("id: 'bigint not null'"))
  expect(await lint()).toBe(1)
  expect(lines.join('\n')).toContain('shop.things columns name: text not null')
})

test('what squawk refuses is refused', async () => {
  await writeFile(join(folder, 'schema.ts'), CONTRACT("id: 'bigint not null', name: 'text not null'"))
  await sql(
    '20260102000000_index',
    'CREATE INDEX things_name_idx ON shop.things (name);\nALTER TABLE shop.things DROP COLUMN name;',
  )
  expect(await lint()).toBe(1)
  expect(lines.join('\n')).toContain('require-concurrent-index-creation')
  expect(lines.join('\n')).toContain(
    'the contract has it, but the migrations do not make it: column shop.things.name',
  )
})

test('an enum belongs to the contract', async () => {
  await writeFile(join(folder, 'schema.ts'), CONTRACT("id: 'bigint not null', name: 'text not null'"))
  await sql('20260102000000_mood', "CREATE TYPE shop.mood AS ENUM ('good');")
  expect(await lint()).toBe(1)
  expect(lines.join('\n')).toContain('but the contract does not have it: enums shop.mood: good')
})

test('an object that a contract cannot describe is named', async () => {
  await writeFile(join(folder, 'schema.ts'), CONTRACT("id: 'bigint not null', name: 'text not null'"))
  await sql('20260102000000_child', 'CREATE TABLE shop.child () INHERITS (shop.things);')
  expect(await lint()).toBe(1)
  expect(lines.join('\n')).toContain('a contract cannot describe it')
  expect(lines.join('\n')).toContain('inheritance of shop.child')
})
