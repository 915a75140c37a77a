import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addContents, EVERY_TYPE, shownRows, toldChanges } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { claimAnalyses } from './claim.ts'
import type { AnalysisLease } from './queue.ts'
import { requeueAnalyses } from './requeue.ts'
import { completeAnalyses } from './settle.ts'
import { repairAnalyses, shareAnalyses } from './share.ts'

const FACTS = { name: 'facts', version: '1', mediaTypes: EVERY_TYPE }

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const claim = (): Promise<AnalysisLease[]> => claimAnalyses(db, { limit: 10, leaseSeconds: 60, worker: 'w' })
const complete = (leases: readonly AnalysisLease[], result: object = {}): Promise<string[]> =>
  completeAnalyses(
    db,
    leases.map((lease) => ({ ...lease, result })),
  )
const statuses = async (): Promise<string[]> => (await shownRows(db)).map((row) => row.status)

test('rows an older tool left started or pending are looked at like any other', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a' }, { name: 'b' }])
  await db.query(`UPDATE post_media SET ai_analysis_status = CASE media_id WHEN 'med-a-1' THEN 'started' ELSE 'pending' END,
    ai_analysis_log = NULL`)
  await db.query(`UPDATE post_media SET ai_analysis_log = '[{"timestamp": "2020-01-01T00:00:00Z", "event": "x", "status": "started"}]'
    WHERE media_id = 'med-a-1'`)
  await complete(await claim())
  expect(await statuses()).toEqual(['completed', 'completed'])
})

test('what an older tool has analysed is kept, shared, and analysed anew only when asked for', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a', rows: 2 }])
  const log = [{ timestamp: '2020-01-01T00:00:00Z', event: 'ai_analysis_started', status: 'started' }]
  log.push({ timestamp: '2020-01-01T00:00:01Z', event: 'ai_analysis_completed', status: 'completed' })
  await db.query(
    `UPDATE post_media SET ai_analysis_status = 'completed', ai_analysis = '"a harbour"', ai_analysis_log = $1
     WHERE media_id = 'med-a-1'`,
    [JSON.stringify(log)],
  )
  expect(await claim()).toEqual([])
  expect(await shownRows(db)).toMatchObject([
    { status: 'completed', analysis: 'a harbour' },
    {
      status: 'completed',
      analysis: { older: { text: '"a harbour"' } },
      story: ['completed>completed'],
      shared: [true],
    },
  ])
  expect(await toldChanges(db)).toEqual(['med-a-2 not_started>completed'])
  expect(await repairAnalyses(db, '')).toEqual({ repaired: 0, next: undefined })
  await requeueAnalyses(db, { mediaIds: ['med-a-1'] })
  await complete(await claim(), { n: 1 })
  expect((await shownRows(db))[0]!.analysis).toMatchObject({
    facts: { n: 1 },
    older: { text: '"a harbour"' },
  })
})

test("a row that joins with another tool's result: the result is kept when ours is written", async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a', rows: 1 }])
  const leases = await claim()
  await db.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate,
      ai_analysis_status, ai_analysis, ai_analyzed_at, ai_analysis_log)
    SELECT 'med-late', post_id, media_type, media_url || '2', 'late', sha256_sum, fate, 'completed', '{"description": "a harbour"}',
      '2020-01-01', '[{"timestamp": "2020-01-01T00:00:01Z", "event": "analysed", "status": "completed"}]'
    FROM post_media WHERE media_id = 'med-a-1'`)
  await db.query(`UPDATE post_media SET ai_analysis_log = '[{"timestamp": "2020-01-01T00:00:00Z", "event": "ai_analysis_started", "status": "started"}]'
    || ai_analysis_log WHERE media_id = 'med-late'`)
  expect(await shareAnalyses(db, { mediaIds: ['med-late'] })).toBe(1)
  expect((await shownRows(db))[1]).toMatchObject({ id: 'med-late', status: 'not_started' })
  await complete(leases, { n: 1 })
  for (const { status, analysis } of await shownRows(db)) {
    expect(status).toBe('completed')
    expect(analysis).toMatchObject({ facts: { n: 1 }, older: { text: '{"description": "a harbour"}' } })
  }
})
