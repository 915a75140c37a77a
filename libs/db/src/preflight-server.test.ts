import type { Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrateDatabase } from './migrate-database.ts'
import { preflightChecks } from './preflight.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('empty')
})
afterEach(() => database.drop())

test('a database in LATIN1 is refused by name, and nothing is changed', async () => {
  const name = `${database.name}_latin1`
  await database.pg.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'`)
  const url = new URL(database.url)
  url.pathname = `/${name}`
  try {
    const refused = await migrateDatabase(url.href).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'database_encoding',
      message: expect.stringMatching(/stores LATIN1[^]*ENCODING 'UTF8'/) as string,
    })
    // All our connections reject this database, so check with one that applies no settings.
    const client = new pg.Client(url.href)
    await client.connect()
    const { rows } = await client.query(`SELECT nspname FROM pg_namespace WHERE nspname = 'mediakeep'
      UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`)
    await client.end()
    expect(rows).toEqual([])
  } finally {
    await database.pg.query(`DROP DATABASE ${name}`)
  }
})

test.each([
  ['14.13 (Debian 14.13-1)', true],
  ['9.6.24', true],
  ['15.0', false],
  ['18beta1', false],
])('of PostgreSQL %s it is %s that it is refused', async (version, isRefused) => {
  // Such an old server cannot be installed here: the real one answers everything except its version.
  const older: Sql = {
    ...database,
    query: async (text, ...values) => {
      const result = await database.query(text, ...values)
      const rows = result.rows.map((row) => ('version' in row ? { ...row, version } : row))
      return { ...result, rows } as never
    },
  }
  const findings = await preflightChecks(older, [])
  expect(findings.map(({ severity }) => severity)).toEqual(isRefused ? ['refusal'] : [])
  if (isRefused) expect(JSON.stringify(findings)).toContain(`the server is PostgreSQL ${version}`)
})
