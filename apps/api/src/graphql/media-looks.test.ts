import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'

let db: TestDatabase
let api: TestApi

const sha = (n: number): string => `0${n}`.repeat(32)

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 4)
  for (const [n, analyser, thumbhash, colour, hash, minute] of [
    [1, 'facts', 'abcd', '#112233', '00000000000000ff', 1],
    [1, 'other', 'efgh', '#445566', 'ffffffffffffffff', 2],
    [1, 'ocr', null, null, null, 3],
    [2, 'ocr', null, null, null, 1],
  ] as const)
    await db.query(
      `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, thumbhash,
         dominant_color, perceptual_hash, finished_at)
       VALUES ($1, $2, '1', 'image', 'completed', $3, $4, ('x' || $5)::bit(64)::bigint,
         timestamptz '2026-01-01' + $6 * interval '1 minute')`,
      [sha(n), analyser, thumbhash, colour, hash, minute],
    )
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

test('media say how they look, by the analysis that told it last', async () => {
  const { mediaItems } = await api.ask<{ mediaItems: { nodes: { sha256Sum: string | null }[] } }>(
    '{ mediaItems(first: 100) { nodes { sha256Sum thumbhash dominantColor perceptualHash } } }',
  )
  const looks = (n: number): unknown => mediaItems.nodes.find(({ sha256Sum }) => sha256Sum === sha(n))
  expect(looks(1)).toEqual({
    sha256Sum: sha(1),
    thumbhash: 'efgh',
    dominantColor: '#445566',
    perceptualHash: 'ffffffffffffffff',
  })
  expect(looks(2)).toEqual({
    sha256Sum: sha(2),
    thumbhash: null,
    dominantColor: null,
    perceptualHash: null,
  })
})
