import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { endDownloads } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { createTestDatabase, explaining, type TestDatabase } from '@mediakeep/testing'
import { claimRows, type DownloadRow } from './queue.ts'
import { recordContents } from './record.ts'
import { settleKept } from './settle.ts'

const ROWS = 50_000
let database: TestDatabase
let rows: DownloadRow[]
let plans: string[]
/** Records PostgreSQL's plan for each statement before it runs. */
let db: Database

/** A large import has just doubled the number of rows, and PostgreSQL's statistics are out of date. */
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query('ALTER TABLE public.post_media SET (autovacuum_enabled = false)')
  await database.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await fill(1, 'fetched')
  await database.query('VACUUM ANALYZE public.post_media')
  await fill(ROWS + 1, 'waiting')
  ;({ db, plans } = explaining(database))
})
beforeEach(async () => {
  plans.length = 0
  rows = await claimRows(database, 'a.test', 64, 60)
})
afterAll(() => database.drop())

const fill = (first: number, fate: string): Promise<unknown> =>
  database.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, fate, ai_analysis_log)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, n::text, 'a.test', $3, '[]'
     FROM generate_series($1::int, $2::int) n`,
    [first, first + ROWS - 1, fate],
  )

/** Indexes that find rows by their fate; none may be used. */
const BY_FATE = /post_media_(?:fate_created|download_queue)_idx/

test('attempts that bring nothing end without a look at all that waits', async () => {
  const fates = await endDownloads(
    db,
    rows.map((row) => ({ row, fate: 'gone' as const })),
  )
  expect(fates).toEqual(rows.map(() => 'gone'))
  expect(plans.join('\n')).not.toMatch(BY_FATE)
})

test('what was fetched is recorded and settled without a look at all that waits', async () => {
  const hash = (length: number): string => randomUUID().replaceAll('-', '').repeat(2).slice(0, length)
  const found = rows.map((row) => ({
    row,
    content: {
      ...{ sha256: hash(64), md5: hash(32), byteSize: 9, mediaType: 'image' as const },
      ...{ mimeType: 'image/png', extension: 'png' },
    },
  }))
  const recorded = await recordContents(db, found)
  expect(recorded.filter(Boolean)).toHaveLength(64)
  const kept = found.map(({ row, content: { sha256 } }) => ({
    ...{ row, sha256, isKnown: false, claimedMimeType: undefined, lengthVerified: true, hasFile: true },
  }))
  expect(await settleKept(db, randomUUID(), kept)).toEqual(rows.map(() => 'fetched'))
  expect(plans.join('\n')).not.toMatch(BY_FATE)
})
