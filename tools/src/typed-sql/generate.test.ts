import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findStale, generateStatements, writeModules } from './generate.ts'

let database: TestDatabase
let root: string
beforeAll(async () => {
  database = await createTestDatabase('empty')
  await database.pg.query(`CREATE TYPE colour AS ENUM ('red', 'green');
    CREATE TABLE things (id bigint PRIMARY KEY, name text NOT NULL, note text, colour colour NOT NULL, tags text[]);
    CREATE TABLE owners (thing_id bigint NOT NULL, owner text NOT NULL)`)
  root = await mkdtemp(join(tmpdir(), 'typed-sql-'))
  await mkdir(join(root, 'libs/shop/src'), { recursive: true })
})
afterAll(async () => {
  await database.drop()
  await rm(root, { recursive: true })
})

async function generate(content: string): Promise<{ text: string; problems: readonly string[] }> {
  await writeFile(join(root, 'libs/shop/src/things.sql'), content)
  const { modules, problems } = await generateStatements(root, database.url)
  return { text: modules.get('libs/shop/src/things.sql.ts')!, problems }
}

test.each([
  ['SELECT id, name, note FROM things', '{ id: number; name: string; note: string | null }'],
  ['SELECT t.colour, t.tags FROM things t', '{ colour: "red" | "green"; tags: string[] | null }'],
  ['SELECT count(*) AS n, now() AS at FROM things', '{ n: number | null; at: Date | null }'],
  ['-- @notNull n\nSELECT count(*) AS n FROM things', '{ n: number }'],
  [`-- @row note: 'a' | 'b'\nSELECT note FROM things`, `{ note: 'a' | 'b' | null }`],
  [`-- @row at: string\n-- @notNull at\nSELECT now() AS at`, '{ at: string }'],
  // The table has a value in every row, and the join has none for some.
  ['SELECT name, owner FROM things LEFT JOIN owners ON thing_id = id', '{ name: string | null; owner: string | null }'], // prettier-ignore
  ['WITH t AS (DELETE FROM things RETURNING name) SELECT name FROM t', '{ name: string }'],
  ['DELETE FROM things', 'object'],
])('the row of %s', async (statement, row) => {
  const { text, problems } = await generate(`-- @name select\n${statement};\n`)
  expect(problems).toEqual([])
  expect(text).toContain(`statement<\n  [],\n  ${row}\n>`)
})

test('parameters take the names that the author gave, and the types that PostgreSQL infers', async () => {
  const { text } = await generate(
    '-- @name update\n-- Renames.\n-- @params ids name json\nUPDATE things SET name = $2, note = $3::jsonb::text WHERE id = ANY ($1);\n',
  )
  expect(text).toContain(
    '[ids: readonly (number | null | undefined)[] | null | undefined, name: string | null | undefined, json: string | null | undefined]',
  )
  expect(text).toContain('/**\n * Renames.\n */')
})

test.each([
  ['-- @name a\nSELECT size FROM things;', 'column "size" does not exist (line 2)'],
  ['-- @name a\n-- @notNull nam\nSELECT name FROM things;', 'An annotation names "nam"'],
  [
    '-- @name a\n-- @params id\nSELECT name FROM things;',
    '@params names 1 parameters, but the statement has 0',
  ],
  ['-- @name a\n-- @param id: string\nSELECT name FROM things;', '"id", which is not in @params'],
  ['-- @name a\nSELECT count(*) + 1 FROM things;', 'Give the column "?column?" a name'],
  ['-- @name a\nSELECT name, owner AS name FROM things, owners;', 'Two columns are named "name"'],
])('a statement that cannot be typed: %s', async (content, problem) => {
  const { text, problems } = await generate(`${content}\n`)
  expect(problems).toEqual([expect.stringContaining(problem)])
  expect(text).toContain('export declare const a: { readonly rejected: "')
})

test.each([
  ['SELECT 1;', 'begin the statement with'],
  ['-- @name a\nSELECT 1', 'end the statement with ";"'],
  ['-- @name a\n-- @nonull b\nSELECT 1 AS b;', 'unknown annotation @nonull'],
])('a file that cannot be read: %s', async (content, problem) => {
  await expect(generate(content)).rejects.toThrow(problem)
})

test('a module is stale after its file changed, and when its file is gone', async () => {
  await writeFile(join(root, 'libs/shop/src/things.sql'), '-- @name a\nSELECT id FROM things;\n')
  const generated = await generateStatements(root, database.url)
  const path = 'libs/shop/src/things.sql.ts'
  expect(await findStale(root, generated)).toEqual([path])
  await writeModules(root, generated)
  expect(await findStale(root, generated)).toEqual([])
  expect(await readFile(join(root, path), 'utf8')).toMatch(/^\/\/ Generated from things.sql/)
  await rm(join(root, 'libs/shop/src/things.sql'))
  expect(await findStale(root, await generateStatements(root, database.url))).toEqual([path])
})
