import { expect, test } from 'vitest'
import { createTestDatabase, keepAsTemplate, makeTemplateOnce } from './test-database.ts'

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

test('a template is made once, and a maker that fails leaves none', async () => {
  let made = 0
  const make = async (): Promise<void> => {
    made++
    if (made === 1) throw new Error('the first fails')
    const database = await createTestDatabase()
    await database.query(
      `INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-00000001', '1', 0)`,
    )
    await keepAsTemplate(database, 'with_post')
  }
  await expect(makeTemplateOnce('with_post', make)).rejects.toThrow('the first fails')
  await Promise.all([makeTemplateOnce('with_post', make), makeTemplateOnce('with_post', make)])
  expect(made).toBe(2)
  const clone = await createTestDatabase('with_post')
  expect((await clone.query('SELECT FROM posts')).rowCount).toBe(1)
  await clone.drop()
})
