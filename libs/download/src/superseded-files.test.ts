import { createTestDatabase, explaining, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { supersededFiles } from './superseded-files.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, local_file_path)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, 'images/photo-' || n || '.jpg'
     FROM generate_series(1, 40000) n`,
  )
  await database.query('VACUUM ANALYZE post_media')
})
afterAll(() => database.drop())

test('files that a row still names stay, and these rows are found by index alone', async () => {
  const removed: string[] = []
  const cache = { remove: (path: string) => Promise.resolve(void removed.push(path)) }
  const { db, plans } = explaining(database)
  const left = supersededFiles(db, cache)
  await left.add('images/photo-7.jpg')
  await left.add('images/nobody-names-it.jpg')
  await left.sweep()
  expect(removed).toEqual(['images/nobody-names-it.jpg'])
  expect(plans.join('\n')).toContain('post_media_local_file_path_idx')
  expect(plans.join('\n')).not.toContain('Seq Scan')
})
