import { expect, test } from 'vitest'
import { createTestDatabase } from './test-database.ts'

test('every clone is migrated and its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await one.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-00000001', '1', 0)`)
  expect((await one.query('SELECT post_id FROM posts')).rowCount).toBe(1)
  expect((await other.query('SELECT post_id FROM posts')).rowCount).toBe(0)
  await Promise.all([one.drop(), other.drop()])
})

test('an empty database has none of our tables', async () => {
  const database = await createTestDatabase('empty')
  await expect(database.query('SELECT FROM posts')).rejects.toThrow('does not exist')
  await database.drop()
})
