import { createTestRole, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
let role: TestRole
beforeEach(async () => {
  place = await install()
  role = await createTestRole(place.db)
  await place.db.pg.query(`GRANT USAGE ON SCHEMA mediakeep TO ${role.name};
    GRANT SELECT ON ALL TABLES IN SCHEMA public, mediakeep TO ${role.name};
    ALTER ROLE ${role.name} SET default_transaction_read_only = on`)
})
afterEach(async () => {
  await place.remove()
})

test.each(['list', 'stats'])(
  '%s needs no right to write',
  async (command) => {
    const { code, stdout, stderr } = await place.runWith({ DATABASE_URL: role.url }, command, '--json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toBeDefined()
  },
  60_000,
)
