import { createTestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { migrateUnderLoad } from './migrate-load.fixture.ts'

// The same test with five million rows: node libs/db/scripts/migrate-under-load.js
test('migrating a full table under load keeps nobody waiting and loses no write', async () => {
  const database = await createTestDatabase('empty')
  const report = await migrateUnderLoad({ url: database.url, rows: 20_000, readerMs: 4_000 })
  process.stdout.write(`${JSON.stringify(report)}\n`)
  expect(report.failed).toEqual([])
  expect(report.lost).toBe(0)
  expect(report.longestLockWait).toBeLessThan(2_000)
  expect(report.statements).toBeGreaterThan(100)
  await database.drop()
})
