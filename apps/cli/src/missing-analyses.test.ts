import { configureAnalysers } from '@mediakeep/analysis'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestAnalyses } from './missing-analyses.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

test('a content that is shown on several pages of media is requested once', async () => {
  const sha256 = 'a'.repeat(64)
  await db.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, inspected_at)
     VALUES ($1, $2, $2, 9, 'image', 'image/jpeg', 'jpg', now())`,
    [sha256, 'b'.repeat(32)],
  )
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, sha256_sum, fate)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.example/' || n, n::text, 'a.example', $1, 'fetched'
     FROM generate_series(1, 2) n`,
    [sha256],
  )
  await configureAnalysers(db, [{ name: 'late', version: '1', mediaTypes: ['image'] }])
  const requested = new Set<string>()
  await requestAnalyses(db, 'late', ['med-1'], requested)
  await db.query(`UPDATE mediakeep.analyses SET state = 'completed', result = '{}', finished_at = now()`)
  await requestAnalyses(db, 'late', ['med-2'], requested)
  const { rows } = await db.query('SELECT analyser, state FROM mediakeep.analyses')
  expect(rows).toEqual([{ analyser: 'late', state: 'completed' }])
})
