import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contractOf } from './contract-of.ts'
import type { Check, SchemaContract } from './contract.ts'
import { mutationsOf } from './mutations.ts'
import { normalizeQuery } from './normalize-query.ts'
import { checkObjects, checkSchema, readSchema, verifySchema } from './verify-schema.ts'

const ACCESS = { owners: true, grants: true }
let database: TestDatabase
let contract: SchemaContract

beforeAll(async () => {
  database = await createTestDatabase('empty')
  await database.pg.query(await readFile(join(import.meta.dirname, 'kinds.fixture.sql'), 'utf8'))
  contract = contractOf(await readSchema(database, { schemas: ['shop'] }), { schemas: ['shop'] })
})
afterAll(() => database.drop())

class Rollback extends Error {
  override readonly name = 'Rollback'
}

async function failuresAfter(statements: string, compare = checkSchema): Promise<Check[]> {
  let found: Check[] = []
  const undone = database.transaction(async (sql) => {
    await sql.query("SELECT set_config('search_path', 'pg_catalog', true)")
    await runAll(sql, statements)
    found = (await compare(sql, contract, ACCESS)).filter((check) => !check.ok)
    throw new Rollback()
  })
  await undone.catch((error: unknown) => {
    if (!(error instanceof Rollback)) throw new Error(statements, { cause: error })
  })
  return found
}

async function runAll(sql: Sql, statements: string): Promise<void> {
  const isWhole = /^(DO|CREATE OR REPLACE FUNCTION)\b/.test(statements)
  for (const statement of isWhole ? [statements] : statements.split(/;\s/)) {
    await sql.query(statement.replaceAll(' CONCURRENTLY', ''))
  }
}

test('a schema of all kinds is green against its own contract', async () => {
  const checks = await verifySchema(database, contract, ACCESS)
  expect(checks.filter((check) => !check.ok)).toEqual([])
  expect(checks.map(({ object }) => object)).toEqual(
    expect.arrayContaining([
      ...['extension pg_trgm', 'enum shop.mood', 'domain shop.code', 'type shop.money', 'view shop.good'],
      ...['materialized view shop.counts', 'partition shop.sales_2026', 'policy own on shop.things'],
      ...['rule keep on shop.things', 'statistics shop.things_stats', 'row security of shop.things'],
      ...['owner of table shop.things', 'grants on table shop.good', 'grants on function shop.one()'],
    ]),
  )
})

test('every change of every kind is caught, with the object named', async () => {
  const missed: string[] = []
  for (const { object, sql, severity = 'error' } of mutationsOf(contract)) {
    const found = await failuresAfter(sql, checkObjects)
    if (!found.some((check) => check.object === object && check.severity === severity)) missed.push(sql)
  }
  expect(missed).toEqual([])
})

test.each([
  ["ALTER TYPE shop.mood ADD VALUE 'odd'", 'enum shop.mood', undefined],
  ["ALTER TYPE shop.mood RENAME VALUE 'bad' TO 'odd'", 'enum shop.mood', 'mended'],
  [
    'ALTER DOMAIN shop.code DROP NOT NULL; ALTER DOMAIN shop.code DROP CONSTRAINT code_check',
    'domain shop.code',
    'mended',
  ],
  [
    'CREATE OR REPLACE VIEW shop.codes AS SELECT code, 1::bigint AS n FROM shop.things',
    'view shop.codes',
    'mended',
  ],
  ['ALTER VIEW shop.good SET (security_barrier = false)', 'view shop.good', 'mended'],
  ['DROP MATERIALIZED VIEW shop.counts', 'materialized view shop.counts', 'mended'],
  ['ALTER TABLE shop.things DISABLE ROW LEVEL SECURITY', 'row security of shop.things', 'mended'],
  ['ALTER TABLE shop.things NO FORCE ROW LEVEL SECURITY', 'row security of shop.things', 'mended'],
  ['DROP POLICY own ON shop.things', 'policy own on shop.things', 'mended'],
  ['ALTER TABLE shop.sales DETACH PARTITION shop.sales_2026', 'partition shop.sales_2026', 'mended'],
  ['DROP TABLE shop.sales_2026', 'table shop.sales_2026', 'mended'],
  ['ALTER TABLE shop.things DISABLE RULE keep', 'rule keep on shop.things', 'mended'],
  ['DROP STATISTICS shop.things_stats', 'statistics shop.things_stats', 'mended'],
  ['GRANT SELECT ON shop.things TO public', 'grants on table shop.things', 'mended'],
  ['REVOKE UPDATE (mood) ON shop.things FROM pg_monitor', 'grants on table shop.things', 'mended'],
  ['GRANT EXECUTE ON FUNCTION shop.one() TO PUBLIC', 'grants on function shop.one()', 'mended'],
  ['ALTER TABLE shop.things OWNER TO pg_monitor', 'owner of table shop.things', 'mended'],
  ['ALTER TABLE shop.things ADD COLUMN need integer NOT NULL', 'column shop.things.need', 'mended'],
  ['ALTER TABLE shop.things ADD CHECK (id < 9)', 'constraint things_id_check on shop.things', 'mended'],
  ['CREATE UNIQUE INDEX one ON shop.things (code)', 'index shop.one', 'mended'],
  ['CREATE RULE lose AS ON INSERT TO shop.things DO INSTEAD NOTHING', 'rule lose on shop.things', 'mended'],
  ['ALTER TABLE shop.things REPLICA IDENTITY FULL', 'replica identity of shop.things', 'mended'],
])('%s is reported with its mend', async (drift, object, outcome) => {
  const [check] = (await failuresAfter(drift)).filter((found) => found.object === object)
  expect(check?.mend).toBeTruthy()
  if (outcome === undefined) return
  const all = (await failuresAfter(drift)).map(({ mend }) => mend!)
  expect(await failuresAfter([drift, ...all].join('; '))).toEqual([])
})

test('owners and grants are compared only on request', async () => {
  const checks = await verifySchema(database, contract)
  expect(checks.some(({ object }) => /^(owner of|grants on) /.test(object))).toBe(false)
})

test('another owner of everything is another installation, not a drift', async () => {
  const all = ['SCHEMA shop', ...contract.tables.map(({ table }) => `TABLE ${table}`), 'FUNCTION shop.one()']
  const types = ['mood', 'code', 'money', 'span'].map((name) => `TYPE shop.${name}`)
  const found = await failuresAfter(
    [...all, ...types].map((target) => `ALTER ${target} OWNER TO pg_monitor`).join('; '),
  )
  expect(found.filter(({ object }) => object.startsWith('owner of'))).toEqual([])
})

test('a nullable column, a plain index and a table of others on our schema do no harm', async () => {
  const harmless =
    'ALTER TABLE shop.things ADD COLUMN note text; CREATE INDEX plain ON shop.things (owner); CREATE TABLE shop.theirs ()'
  expect(await failuresAfter(harmless)).toEqual([])
})

test('a sequence behind its data is reported, and mended', async () => {
  const insert = 'INSERT INTO shop.things (id, code) OVERRIDING SYSTEM VALUE VALUES (7, $$a$$)'
  const [check, ...others] = await failuresAfter(insert)
  expect(others).toEqual([])
  expect(check).toMatchObject({
    object: 'sequence shop.things_id_seq behind its data in shop.things.id',
    severity: 'error',
  })
  expect(await failuresAfter(`${insert}; ${check!.mend!}`)).toEqual([])
})

test.each([
  [
    ' SELECT things.id,\n    upper(things.owner) AS owner\n   FROM shop.things',
    'SELECT id, upper(owner) AS owner FROM shop.things',
  ],
  ['SELECT t.id FROM shop.things t WHERE (t.id > 1)', 'SELECT id FROM shop.things t WHERE (id > 1)'],
  [
    'SELECT v.id FROM ( SELECT things.id FROM shop.things) v',
    'SELECT id FROM ( SELECT things.id FROM shop.things) v',
  ],
])('%s is the same query as later versions print', (older, newer) => {
  expect(normalizeQuery(older.trim())).toBe(normalizeQuery(newer))
})

test('which of two tables a column comes from is a difference', () => {
  const query = (table: string): string => `SELECT ${table}.id FROM a, b`
  expect(normalizeQuery(query('a'))).not.toBe(normalizeQuery(query('b')))
})
