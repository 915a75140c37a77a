import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

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

test('media say when their bytes were decoded, archived, and last found whole there', async () => {
  await db.query(
    `UPDATE mediakeep.contents SET inspected_at = timestamptz '2026-01-01 10:00Z',
       archived_at = timestamptz '2026-01-01 11:00Z', archive_verified_at = timestamptz '2026-01-02 12:00Z'
     WHERE sha256_sum = $1`,
    [sha(1)],
  )
  const { mediaItems } = await api.ask<{ mediaItems: { nodes: object[] } }>(
    'query ($sha256Sum: String) { mediaItems(filter: { sha256Sum: $sha256Sum }) { nodes { inspectedAt archivedAt archiveVerifiedAt } } }',
    { sha256Sum: sha(1) },
  )
  expect(mediaItems.nodes[0]).toEqual({
    inspectedAt: '2026-01-01T10:00:00.000Z',
    archivedAt: '2026-01-01T11:00:00.000Z',
    archiveVerifiedAt: '2026-01-02T12:00:00.000Z',
  })
})
