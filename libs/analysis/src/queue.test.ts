import { MAX_DEATHS } from '@mediakeep/lease'
import { expect, test } from 'vitest'
import { addContents, shownRows, toldChanges } from './analysis.fixture.ts'
import type { ClaimAnalysesOptions } from './claim.ts'
import { UnknownAnalyserError } from './errors.ts'
import { planAnalyses } from './plan.ts'
import { useQueue } from './queue.fixture.ts'
import type { AnalysisLease } from './queue.ts'
import { expireAnalyses, extendAnalyses, releaseAnalyses } from './settle.ts'

const { db, claim, complete, fail, letExpire } = useQueue()

/** Makes all retries due now. */
const retryNow = (): Promise<unknown> =>
  db().query('UPDATE mediakeep.analyses SET analysis_not_before = now() WHERE analysis_not_before > now()')

test('a claimed analysis is started, a completed one is completed with its result', async () => {
  await addContents(db(), [{ name: 'a' }])
  const [lease] = await claim()
  expect(lease).toMatchObject({ attempt: 1, analyser: 'facts', mediaId: 'med-a-1', byteSize: 100, width: 4 })
  expect((await shownRows(db()))[0]!.status).toBe('started')
  expect(await complete([lease!], { text: 'hello' })).toEqual(['completed'])
  expect(await shownRows(db())).toMatchObject([
    {
      status: 'completed',
      analysis: { facts: { text: 'hello' } },
      story: ['started>started', 'completed>completed'],
    },
  ])
  expect(await toldChanges(db())).toEqual(['med-a-1 not_started>started', 'med-a-1 started>completed'])
})

test('analyses whose row or content another transaction holds are passed over, not waited for', async () => {
  await addContents(db(), [{ name: 'a' }, { name: 'b' }, { name: 'c' }])
  await planAnalyses(db())
  await db().transaction(async (holder) => {
    await holder.query('SELECT FROM mediakeep.analyses ORDER BY place LIMIT 1 FOR UPDATE')
    await holder.query(
      `SELECT FROM mediakeep.contents WHERE sha256_sum =
         (SELECT sha256_sum FROM mediakeep.analyses ORDER BY place DESC LIMIT 1) FOR UPDATE`,
    )
    expect(await claim()).toMatchObject([{ mediaId: 'med-b-1' }])
  })
})

test('an expired lease returns by itself, and its row says so', async () => {
  await addContents(db(), [{ name: 'a' }])
  await claim()
  await letExpire()
  expect(await expireAnalyses(db())).toBe(1)
  expect(await shownRows(db())).toMatchObject([
    { status: 'not_started', story: ['started>started', 'expired>not_started'] },
  ])
  expect(await expireAnalyses(db())).toBe(0)
})

test('a lease that is prolonged does not expire', async () => {
  await addContents(db(), [{ name: 'a' }])
  const leases = await claim()
  await letExpire()
  expect(await extendAnalyses(db(), leases, 60)).toEqual(new Set([leases[0]!.id]))
  expect(await claim()).toEqual([])
  expect(await complete(leases)).toEqual(['completed'])
})

test('many claimers at once never hold one analysis twice', async () => {
  await addContents(
    db(),
    Array.from({ length: 40 }, (_, n) => ({ name: `c${n}` })),
  )
  const claims = await Promise.all(
    Array.from({ length: 16 }, (_, n) => claim({ limit: 3, worker: `w-${n}` })),
  )
  const ids = claims.flat().map((lease) => lease.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length + (await claim({ limit: 40 })).length).toBe(40)
})

test('a failed analysis is retried later, up to a limit, and then stays failed with its reason', async () => {
  await addContents(db(), [{ name: 'poisoned' }, { name: 'good' }])
  for (let attempt = 1; attempt <= 5; attempt++) {
    const leases: AnalysisLease[] = []
    await expect.poll(async () => leases.push(...(await claim())), { timeout: 60_000 }).toBeGreaterThan(0)
    const poisoned = leases.find(({ mediaId }) => mediaId.includes('poisoned'))
    expect(poisoned?.attempt).toBe(attempt)
    expect(await fail([poisoned!])).toEqual([attempt < 5 ? 'retry' : 'failed'])
    // It does not block the others.
    await complete(leases.filter(({ mediaId }) => mediaId.includes('good')))
    expect(await claim()).toEqual([])
    const { rows } = await db().query<{ wait: number }>(
      `SELECT extract(epoch FROM analysis_not_before - now())::float AS wait FROM mediakeep.analyses WHERE state = 'pending'`,
    )
    // The delay doubles each time, plus or minus a fifth.
    for (const { wait } of rows) expect(Math.abs(wait / (10 * 2 ** (attempt - 1)) - 1)).toBeLessThan(0.25)
    expect(rows).toHaveLength(attempt < 5 ? 1 : 0)
    await retryNow()
  }
  const [good, poisoned] = await shownRows(db())
  expect([good!.status, poisoned!.status]).toEqual(['completed', 'failed'])
  expect(poisoned!.story.slice(-2)).toEqual(['started>started', 'failed>failed'])
  const { rows } = await db().query(`SELECT error FROM mediakeep.analyses WHERE state = 'failed'`)
  expect(rows).toEqual([{ error: 'broken' }])
})

test('an analysis whose workers die waits longer each time, and is parked with the reason; no attempt counts', async () => {
  await addContents(db(), [{ name: 'a' }])
  for (let death = 1; death <= MAX_DEATHS; death++) {
    await expect.poll(() => claim(), { timeout: 60_000 }).toMatchObject([{ attempt: 1 }])
    await letExpire()
    expect(await expireAnalyses(db())).toBe(1)
    const { rows } = await db().query<{ wait: number }>(
      `SELECT extract(epoch FROM analysis_not_before - now())::float AS wait FROM mediakeep.analyses WHERE state = 'pending'`,
    )
    if (death < MAX_DEATHS) expect(rows[0]!.wait).toBeGreaterThanOrEqual([-60, -60, -60, 40, 400][death]!)
    await retryNow()
  }
  expect(await claim()).toEqual([])
  expect(await shownRows(db())).toMatchObject([{ status: 'failed' }])
  const { rows } = await db().query(
    'SELECT state, error, analysis_attempts AS attempts FROM mediakeep.analyses',
  )
  expect(rows).toEqual([
    { state: 'failed', error: `the lease expired ${MAX_DEATHS} times in a row`, attempts: 0 },
  ])
})

test('ten restarts that give back what they held, or that kill other work, use nothing up', async () => {
  await addContents(db(), [{ name: 'a' }])
  for (let restart = 0; restart < 10; restart++) {
    await expect.poll(() => claim(), { timeout: 60_000 }).toHaveLength(1)
    await letExpire()
    await expireAnalyses(db())
    await retryNow()
    const leases = await claim()
    await releaseAnalyses(db(), leases)
    await retryNow()
  }
  await expect.poll(() => claim(), { timeout: 60_000 }).toMatchObject([{ attempt: 1 }])
})

test('a failure that no attempt can mend ends at once', async () => {
  await addContents(db(), [{ name: 'a' }])
  expect(await fail(await claim(), false)).toEqual(['failed'])
  expect(await claim()).toEqual([])
})

test('what is given back can be claimed at once, and the attempt does not count', async () => {
  await addContents(db(), [{ name: 'a' }])
  await releaseAnalyses(db(), await claim())
  expect(await shownRows(db())).toMatchObject([{ status: 'not_started' }])
  expect(await claim()).toMatchObject([{ attempt: 1 }])
})

test('only inspected contents that are not rejected can be claimed', async () => {
  await addContents(db(), [{ name: 'a', isInspected: false }, { name: 'b' }, { name: 'c' }, { name: 'd' }])
  await claim({ limit: 1 })
  await db().query(`UPDATE mediakeep.contents SET rejected_at = now() WHERE md5_sum = md5('c')`)
  // Planned, and then due for another inspection.
  await db().query(`UPDATE mediakeep.contents SET inspected_at = NULL WHERE md5_sum = md5('d')`)
  expect(await claim()).toEqual([])
})

test('claims choose by media type, oldest first or by priority', async () => {
  const types = ['image', 'video', 'document', 'image', 'video'] as const
  await addContents(
    db(),
    types.map((mediaType, n) => ({ name: `c${n}`, mediaType })),
  )
  await releaseAnalyses(db(), await claim())
  await db().query('UPDATE mediakeep.analyses SET analysis_not_before = NULL')
  await db().query(`UPDATE mediakeep.analyses SET priority = 5 WHERE sha256_sum IN (
    SELECT sha256_sum FROM mediakeep.contents WHERE md5_sum IN (md5('c3'), md5('c4')))`)
  const ids = async (options: Partial<ClaimAnalysesOptions>): Promise<string[]> => {
    const leases = await claim(options)
    await releaseAnalyses(db(), leases)
    await db().query('UPDATE mediakeep.analyses SET analysis_not_before = NULL')
    return leases.map(({ mediaId }) => mediaId.slice(4, 6))
  }
  expect(await ids({})).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
  expect(await ids({ order: 'priority' })).toEqual(['c3', 'c4', 'c0', 'c1', 'c2'])
  expect(await ids({ mediaType: 'video' })).toEqual(['c1', 'c4'])
  expect(await ids({ mediaType: 'video', order: 'priority' })).toEqual(['c4', 'c1'])
})

test('a claim for an analyser that is not configured says which are', async () => {
  const asked = claim({ analysers: [{ name: 'colours', version: '1' }] })
  await expect(asked).rejects.toThrow(UnknownAnalyserError)
  await expect(asked).rejects.toMatchObject({ analyser: 'colours@1', configured: ['facts@1'] })
  await expect(claim({ limit: 101 })).rejects.toMatchObject({ code: 'out_of_range' })
})
