import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSetting } from './settings.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('all who ask at once get the value of the first, and so does everyone later', async () => {
  const values = await Promise.all(
    Array.from({ length: 10 }, () => sharedSetting(database, 'secret', randomUUID)),
  )
  expect(new Set(values).size).toBe(1)
  expect(await sharedSetting(database, 'secret', () => 'another')).toBe(values[0])
})
