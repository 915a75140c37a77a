import { openPool } from '@mediakeep/postgres'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rowVisibility } from './hidden-rows.ts'

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
