import type { Database } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Check, SchemaContract, TableContract } from './contract.ts'
import { exitCodeOf, formatChecks } from './report.ts'
import { verifySchema } from './verify-schema.ts'

const things: TableContract = {
  table: 'shop.things',
  comment: "What's sold",
  columns: {
    id: 'text not null',
    price: 'numeric(10,2)',
    state: "text not null default 'new'::text",
    made_at: 'timestamp with time zone default now()',
  },
  comments: { price: 'In euros' },
  constraints: { things_price_check: 'CHECK ((price > (0)::numeric))' },
  unnamedConstraints: [
    'PRIMARY KEY (id)',
    'FOREIGN KEY (maker) REFERENCES public.makers(name) ON DELETE CASCADE',
  ],
  indexes: {
    things_new_idx: "btree (state, made_at DESC) WHERE (state = 'new'::text)",
  },
}

const contract: SchemaContract = { schemas: { shop: '' }, tables: [things] }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase('empty')
})
beforeEach(async () => {
  await database.pg.query(`
    CREATE SCHEMA shop;
    CREATE TABLE makers (name text PRIMARY KEY);
    CREATE TABLE shop.things (id text PRIMARY KEY, price numeric(10,2), state text NOT NULL DEFAULT 'new',
      made_at timestamptz DEFAULT now(), maker text NOT NULL DEFAULT 'x' REFERENCES makers ON DELETE CASCADE, unknown json,
      CONSTRAINT things_price_check CHECK (price > 0));
    CREATE INDEX things_new_idx ON shop.things (state, made_at DESC) WHERE state = 'new';
    COMMENT ON TABLE shop.things IS 'What''s sold'; COMMENT ON COLUMN shop.things.price IS 'In euros';
    CREATE TABLE shop.unknown (); CREATE VIEW shop.seen AS SELECT id FROM shop.things`)
})
afterEach(() => database.pg.query('DROP SCHEMA shop CASCADE; DROP TABLE makers'))
afterAll(() => database.drop())

async function failures(): Promise<Check[]> {
  return (await verifySchema(database, contract)).filter((check) => !check.ok)
}

test('what is as declared is green, unknown things beside it included', async () => {
  const checks = await verifySchema(database, contract)
  expect(checks.filter((check) => !check.ok)).toEqual([])
  expect(checks).toHaveLength(15)
  expect(exitCodeOf(checks)).toBe(0)
})

const price = 'column shop.things.price'
const index = 'index shop.things_new_idx'
const constraint = 'constraint things_price_check on shop.things'
test.each([
  ['ALTER TABLE shop.things DROP COLUMN made_at CASCADE', 'column shop.things.made_at', 'missing'],
  ['ALTER TABLE shop.things ALTER price TYPE numeric(12,2)', price, 'numeric(12,2)'],
  ['ALTER TABLE shop.things ALTER price SET NOT NULL', price, 'numeric(10,2) not null'],
  ['ALTER TABLE shop.things ALTER price SET DEFAULT 1', price, 'numeric(10,2) default 1'],
  ['ALTER TABLE shop.things ALTER state DROP DEFAULT', 'column shop.things.state', 'text not null'],
  [
    'ALTER TABLE shop.things ALTER state DROP NOT NULL',
    'column shop.things.state',
    "text default 'new'::text",
  ],
  ['COMMENT ON COLUMN shop.things.price IS NULL', `comment on ${price}`, 'missing'],
  ["COMMENT ON TABLE shop.things IS 'x'", 'comment on table shop.things', 'x'],
  ['ALTER TABLE shop.things DROP CONSTRAINT things_price_check', constraint, 'missing'],
  [
    'ALTER TABLE shop.things DROP CONSTRAINT things_price_check, ADD CONSTRAINT things_price_check CHECK (price > 0) NOT VALID',
    constraint,
    'CHECK ((price > (0)::numeric)) NOT VALID',
  ],
  ['DROP INDEX shop.things_new_idx', index, 'missing'],
  [
    'DROP INDEX shop.things_new_idx; CREATE INDEX things_new_idx ON shop.things (state, made_at DESC)',
    index,
    'btree (state, made_at DESC)',
  ],
  [
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.things_new_idx'::regclass",
    index,
    `${things.indexes!['things_new_idx']!} (not valid: half-built)`,
  ],
])('%s is seen, named, and mended as proposed', async (drift, object, actual) => {
  await database.pg.query(drift)
  const [failure] = (await failures()).filter((check) => check.object === object)
  expect(failure).toMatchObject({ actual, severity: 'error' })
  expect(exitCodeOf([failure!])).toBe(1)
  for (const check of await failures()) await mend(check)
  expect(await failures()).toEqual([])
})

async function mend(check: Check): Promise<void> {
  for (const statement of check.mend!.split('; ')) await database.query(statement)
}

test('a missing table is one line', async () => {
  await database.pg.query('ALTER TABLE shop.things RENAME TO others')
  expect(await failures()).toMatchObject([{ object: 'table shop.things', actual: 'missing' }])
})

test('a view in place of a table is not the table', async () => {
  await database.pg.query(
    'ALTER TABLE shop.things RENAME TO others; CREATE VIEW shop.things AS TABLE shop.others',
  )
  expect(await failures()).toMatchObject([{ object: 'table shop.things' }])
})

test('a renamed index or constraint is told by what it is, and mended by its name', async () => {
  await database.pg.query(`ALTER INDEX shop.things_new_idx RENAME TO other;
    ALTER TABLE shop.things RENAME CONSTRAINT things_price_check TO another`)
  expect(await failures()).toMatchObject([
    { object: constraint, actual: 'missing; another is the same' },
    { object: index, actual: 'missing; other is the same' },
  ])
  expect(formatChecks(await failures()).slice(2, 4)).toEqual([
    `FAIL  ${index}: expected ${things.indexes!['things_new_idx']!}; actual missing; other is the same`,
    '      mend: ALTER INDEX shop.other RENAME TO things_new_idx',
  ])
  for (const check of await failures()) await mend(check)
  expect(await failures()).toEqual([])
})

test('the search path of the connection changes nothing', async () => {
  const elsewhere: Database = {
    query: database.query,
    transaction: (work) =>
      database.transaction(async (sql) => {
        await sql.query('SET LOCAL search_path = shop, public')
        return work(sql)
      }),
  }
  expect((await verifySchema(elsewhere, contract)).filter((check) => !check.ok)).toEqual([])
})
