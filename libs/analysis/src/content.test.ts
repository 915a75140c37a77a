import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addContents, EVERY_TYPE, sha256Of, shownRows } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { claimAnalyses } from './claim.ts'
import type { AnalysisLease } from './queue.ts'
import { requeueAnalyses } from './requeue.ts'
import { completeAnalyses, expireAnalyses, failAnalyses } from './settle.ts'
import { repairAnalyses, shareAnalyses } from './share.ts'

const FACTS = { name: 'facts', version: '1', mediaTypes: EVERY_TYPE }
const OCR = { name: 'ocr', version: '1', mediaTypes: ['image', 'document'] as const }

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const claim = (analyser?: string): Promise<AnalysisLease[]> =>
  claimAnalyses(db, {
    limit: 10,
    leaseSeconds: 60,
    worker: 'w',
    ...(analyser && { analysers: [{ name: analyser }] }),
  })
const complete = (leases: readonly AnalysisLease[], result: object = {}): Promise<string[]> =>
  completeAnalyses(
    db,
    leases.map((lease) => ({ ...lease, result })),
  )
const statuses = async (): Promise<string[]> => (await shownRows(db)).map((row) => row.status)

test('ten rows of one content are analysed once; an eleventh takes the result when it arrives', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a', rows: 10 }])
  const leases = await claim()
  expect(leases).toHaveLength(1)
  await complete(leases, { text: 'once' })
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate, ai_analysis_log)
     VALUES ('med-late', 'p-1', 'image', 'https://a.test/late', 'late', $1, 'fetched', '[]')`,
    [sha256Of('a')],
  )
  expect(await shareAnalyses(db, { mediaIds: ['med-late'] })).toBe(1)
  const rows = await shownRows(db)
  expect(rows).toHaveLength(11)
  for (const row of rows)
    expect(row).toMatchObject({ status: 'completed', analysis: { facts: { text: 'once' } } })
  expect(rows.filter((row) => row.shared.at(-1)!)).toHaveLength(10)
  expect(await claim()).toEqual([])
})

test('two analysers of one content: completed when both are, whichever ends first', async () => {
  await configureAnalysers(db, [FACTS, OCR])
  await addContents(db, [{ name: 'a' }, { name: 'v', mediaType: 'video' }])
  const [facts, ocr] = [await claim('facts'), await claim('ocr')]
  expect([facts.length, ocr.length]).toEqual([2, 1])
  await complete(facts, { f: 1 })
  expect(await statuses()).toEqual(['started', 'completed'])
  await complete(ocr, { o: 1 })
  const [both] = await shownRows(db)
  expect(both).toMatchObject({ status: 'completed', analysis: { facts: { f: 1 }, ocr: { o: 1 } } })
})

test('two hand-ins for one content at the same moment do not overlook each other', async () => {
  await configureAnalysers(db, [FACTS, OCR])
  await addContents(db, [{ name: 'a' }])
  const [facts, ocr] = [await claim('facts'), await claim('ocr')]
  let both: Promise<unknown> | undefined
  await db.transaction(async (sql) => {
    // Both have begun, and neither can finish.
    await sql.query(`SELECT FROM post_media WHERE media_id = 'med-a-1' FOR UPDATE`)
    both = Promise.all([complete(facts), complete(ocr)])
    await sleep(500)
  })
  await both
  expect(await statuses()).toEqual(['completed'])
})

test('one that failed for good decides; asked for again, all goes on from there', async () => {
  await configureAnalysers(db, [FACTS, OCR])
  await addContents(db, [{ name: 'a' }])
  const [facts, ocr] = [await claim('facts'), await claim('ocr')]
  await failAnalyses(db, [{ ...facts[0]!, error: 'no', retryable: false }])
  expect(await statuses()).toEqual(['failed'])
  // Requeue while the other analyser is running.
  expect(await requeueAnalyses(db, { status: 'failed' })).toBe(1)
  expect(await statuses()).toEqual(['started'])
  await complete(ocr)
  expect(await statuses()).toEqual(['not_started'])
  await complete(await claim('facts'))
  expect(await statuses()).toEqual(['completed'])
})

test('a lease that expires on a row that failed meanwhile returns, too', async () => {
  await configureAnalysers(db, [FACTS, OCR])
  await addContents(db, [{ name: 'a' }])
  const [facts] = [await claim('facts'), await claim('ocr')]
  await failAnalyses(db, [{ ...facts[0]!, error: 'no', retryable: false }])
  await db.query("UPDATE mediakeep.analyses SET analysis_lease_expires_at = now() - interval '1 s'")
  expect(await expireAnalyses(db)).toBe(1)
  expect(await statuses()).toEqual(['failed'])
  // If looking for due work was slow, not every claim does it.
  await expect.poll(() => claim('ocr'), { timeout: 60_000 }).toMatchObject([{ attempt: 1 }])
})

test('another version of an analyser is another analysis: of what is open, and of the rest when it is asked for', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'done' }, { name: 'open' }])
  const leases = await claim()
  await complete(
    leases.filter(({ mediaId }) => mediaId === 'med-done-1'),
    { n: 1 },
  )
  await configureAnalysers(db, [{ ...FACTS, version: '2' }])
  const second = [{ name: 'facts', version: '2' }]
  const claimed = async (): Promise<string[]> =>
    (await claimAnalyses(db, { limit: 10, leaseSeconds: 60, worker: 'w', analysers: second })).map(
      ({ mediaId }) => mediaId,
    )
  expect(await claimed()).toEqual(['med-open-1'])
  expect((await shownRows(db))[0]).toMatchObject({ status: 'completed', analysis: { facts: { n: 1 } } })
  await requeueAnalyses(db, { mediaIds: ['med-done-1'] })
  expect(await claimed()).toEqual(['med-done-1'])
})

test('of a content that failed, what is completed is not done again, named or not', async () => {
  await configureAnalysers(db, [FACTS, OCR])
  await addContents(db, [{ name: 'a', rows: 2 }, { name: 'b' }])
  await complete(await claim('ocr'), { text: 'paid for' })
  await failAnalyses(
    db,
    (await claim('facts')).flatMap((lease) =>
      lease.mediaId === 'med-a-1' ? [{ ...lease, error: 'no', retryable: false }] : [],
    ),
  )
  expect(await requeueAnalyses(db, { status: 'failed', analysers: ['ocr'] })).toBe(0)
  expect(await requeueAnalyses(db, { mediaIds: ['med-a-1'] })).toBe(1)
  expect(await claim('ocr')).toEqual([])
  const again = await claim('facts')
  expect(again).toMatchObject([{ mediaId: 'med-a-1', attempt: 1 }])
  await complete(again, { n: 1 })
  const [first, second] = await shownRows(db)
  for (const row of [first, second])
    expect(row).toMatchObject({
      status: 'completed',
      analysis: { facts: { n: 1 }, ocr: { text: 'paid for' } },
    })
  // The content is no longer failed, so a requeue now includes all of its analyses.
  expect(await requeueAnalyses(db, { mediaIds: ['med-a-1'] })).toBe(2)
})

test('a completed content that is asked for again keeps its results', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a' }])
  await complete(await claim(), { n: 1 })
  expect(await requeueAnalyses(db, { mediaIds: ['med-a-1'] })).toBe(1)
  expect(await shownRows(db)).toMatchObject([{ status: 'not_started', analysis: { facts: { n: 1 } } }])
  await complete(await claim(), { n: 2 })
  expect(await shownRows(db)).toMatchObject([{ analysis: { facts: { n: 2 } } }])
  const { rows } = await db.query('SELECT result, earlier_results FROM mediakeep.analyses')
  expect(rows).toMatchObject([{ result: { n: 2 }, earlier_results: [{ result: { n: 1 } }] }])
})

test('an analyser added later applies to what is not completed; to the rest when it is asked for', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'done' }, { name: 'open' }])
  const leases = await claim()
  await complete(leases.filter(({ mediaId }) => mediaId === 'med-done-1'))
  await configureAnalysers(db, [FACTS, OCR])
  expect((await claim('ocr')).map((lease) => lease.mediaId)).toEqual(['med-open-1'])
  await requeueAnalyses(db, { mediaIds: ['med-done-1'], analysers: ['ocr'] })
  expect((await claim('ocr')).map((lease) => lease.mediaId)).toEqual(['med-done-1'])
})

test('the safety net puts right a row that was overlooked', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a', rows: 2 }])
  await complete(await claim())
  await db.query(`UPDATE post_media SET ai_analysis_status = 'not_started', ai_analysis = NULL, ai_analysis_log = '[]'
    WHERE media_id = 'med-a-2'`)
  expect(await repairAnalyses(db, '')).toEqual({ repaired: 1, next: undefined })
  expect(await statuses()).toEqual(['completed', 'completed'])
  expect(await repairAnalyses(db, '')).toEqual({ repaired: 0, next: undefined })
})

test('what attempts used is kept by day, failed ones included', async () => {
  await configureAnalysers(db, [FACTS])
  await addContents(db, [{ name: 'a' }, { name: 'b' }])
  const [a, b] = await claim()
  await completeAnalyses(db, [
    { ...a!, result: {}, usage: { model: 'm', tokensUsed: 10, costUsd: 0.5, durationMs: 7.4 } },
  ])
  await failAnalyses(db, [{ ...b!, error: 'x', retryable: true, usage: { tokensUsed: 5 } }])
  const { rows } = await db.query('SELECT analyser, tokens_used, cost_usd FROM mediakeep.analysis_usage')
  expect(rows).toEqual([{ analyser: 'facts', tokens_used: 15, cost_usd: 0.5 }])
})
