import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selectMedia, type Selection } from './selection.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp) SELECT 'p-0000000' || n, n, 0 FROM generate_series(1, 2) n`,
  )
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, posted_at)
     SELECT 'med-0000000' || n, 'p-0000000' || (n % 2 + 1), 'image', 'https://example.com/' || n,
            '2026-01-01'::timestamptz + make_interval(days => n) FROM generate_series(1, 9) n`,
  )
})
afterAll(() => database.drop())

async function select(selection: Selection, pageSize?: number): Promise<string> {
  const pages = await Array.fromAsync(selectMedia(database, selection, 'true', pageSize))
  return pages
    .flat()
    .map((id) => id.at(-1))
    .join('')
}

test('nothing given selects all, over as many pages as it takes', async () => {
  expect(await select({}, 2)).toBe('123456789')
})

test('each option narrows the selection', async () => {
  expect(await select({ postId: 'p-00000001' })).toBe('2468')
  expect(await select({ mediaId: 'med-00000003' })).toBe('3')
  expect(await select({ startDate: new Date('2026-01-08T00:00:00Z') })).toBe('789')
  expect(await select({ limit: 3 }, 2)).toBe('123')
  expect(await select({ postId: 'p-00000002', limit: 2, startDate: new Date('2026-01-03T00:00:00Z') })).toBe(
    '35',
  )
})
