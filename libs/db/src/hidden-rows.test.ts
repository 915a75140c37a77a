import { openPool } from '@mediakeep/postgres'
import { exitCodeOf } from '@mediakeep/schema-verify'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rowVisibility } from './hidden-rows.ts'
import { verifyDatabase } from './verify-database.ts'

let database: TestDatabase
let role: TestRole
beforeEach(async () => {
  database = await createTestDatabase()
  role = await createTestRole(database)
  await database.pg.query(
    `GRANT SELECT ON posts TO ${role.name}; ALTER TABLE posts ENABLE ROW LEVEL SECURITY`,
  )
})
afterEach(async () => {
  await role.drop()
  await database.drop()
})

test('a role from which row-level security may hide rows is told so, with the table', async () => {
  expect(await rowVisibility(database)).toBe('ok')
  const pool = openPool(role.url)
  expect(await rowVisibility(pool)).toMatch(/may hide rows of public\.posts.*BYPASSRLS/)
  await pool.close()
})

test('verification fails where row-level security may hide rows from its role, and names table and remedy', async () => {
  await database.pg.query(`GRANT USAGE ON SCHEMA mediakeep TO ${role.name};
    GRANT SELECT ON ALL TABLES IN SCHEMA public, mediakeep TO ${role.name};
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA mediakeep TO ${role.name}`)
  const checks = await verifyDatabase(role.url)
  expect(exitCodeOf(checks)).toBe(1)
  expect(checks.filter(({ ok, severity }) => !ok && severity === 'error')).toEqual([
    {
      object: 'rows of public.posts',
      expected: 'all visible to this role',
      actual: `row-level security may hide rows from ${role.name}`,
      ok: false,
      severity: 'error',
      mend: `ALTER ROLE ${role.name} BYPASSRLS`,
    },
  ])
  await database.query(`ALTER ROLE ${role.name} BYPASSRLS`)
  expect((await verifyDatabase(role.url)).filter((check) => !check.ok)).toEqual([])
})
