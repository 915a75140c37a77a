import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countMedia } from './settle-media.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

test('a media item that waits for two stages at once is one that is not settled', async () => {
  const cache = { id: crypto.randomUUID() }
  await db.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, cache_id)
     VALUES ($1, $2, $2, 9, 'image', 'image/jpeg', 'jpg', $3)`,
    ['a'.repeat(64), 'b'.repeat(32), cache.id],
  )
  // Their files are present and named, but they are not settled as fetched yet.
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, sha256_sum, fate)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.example/' || n, n::text, 'a.example', $1, 'waiting'
     FROM generate_series(1, 3) n`,
    ['a'.repeat(64)],
  )
  const counts = await countMedia({ db, cache }, { mediaIds: ['med-1', 'med-2', 'med-3'] })
  expect(counts).toEqual({ total: 3, settled: 0, waiting: 3, uninspected: 3, unarchived: 0 })
})
