import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addContents, EVERY_TYPE, sha256Of, shownRows, toldChanges } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { claimAnalyses } from './claim.ts'
import { planAnalyses } from './plan.ts'
import { requeueAnalyses } from './requeue.ts'
import { completeAnalyses } from './settle.ts'
import { repairAnalyses } from './share.ts'

const FACTS = { name: 'facts', version: '1', mediaTypes: EVERY_TYPE }
const OCR = { name: 'ocr', version: '1', mediaTypes: ['image', 'document'] as const }

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())

test('a content that no analyser takes is completed with an empty analysis, and its log says why', async () => {
  await configureAnalysers(db, [OCR])
  await addContents(db, [{ name: 'sound', mediaType: 'audio', rows: 2 }, { name: 'picture' }])
  expect(await planAnalyses(db)).toBe(2)
  const rows = await shownRows(db)
  expect(rows.filter(({ id }) => id.includes('sound'))).toMatchObject([
    { status: 'completed', analysis: {}, story: ['skipped>completed'] },
    { status: 'completed', analysis: {}, story: ['skipped>completed'] },
  ])
  expect(rows.find(({ id }) => id === 'med-picture-1')).toMatchObject({ status: 'not_started' })
  const { rows: logs } = await db.query(
    `SELECT ai_analysis_log -> 0 -> 'details' ->> 'reason' AS reason FROM post_media WHERE media_id = 'med-sound-1'`,
  )
  expect(logs).toEqual([{ reason: 'no configured analyser takes audio' }])
  expect(await toldChanges(db)).toEqual([
    'med-sound-1 not_started>completed',
    'med-sound-2 not_started>completed',
  ])
  // The safety net agrees, and a row that arrives later gets the same status.
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate, ai_analysis_log)
     VALUES ('med-late', 'p-1', 'audio', 'https://a.test/late', 'late', $1, 'fetched', '[]')`,
    [sha256Of('sound')],
  )
  await repairAnalyses(db, '')
  expect((await shownRows(db)).filter(({ id }) => id !== 'med-picture-1')).toMatchObject(
    Array.from({ length: 3 }, () => ({ status: 'completed', analysis: {} })),
  )
  // An analyser configured later applies when the content is requeued.
  await configureAnalysers(db, [OCR, FACTS])
  await requeueAnalyses(db, { sha256s: [sha256Of('sound')] })
  const leases = await claimAnalyses(db, { limit: 10, leaseSeconds: 60, worker: 'w' })
  await completeAnalyses(
    db,
    leases
      .filter(({ mediaType }) => mediaType === 'audio')
      .map((lease) => ({ ...lease, result: { heard: true } })),
  )
  expect((await shownRows(db)).find(({ id }) => id === 'med-late')).toMatchObject({
    status: 'completed',
    analysis: { facts: { heard: true } },
  })
})
