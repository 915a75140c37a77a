import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { InspectionFailedError, InspectorUnavailableError } from '@mediakeep/content'
import { MAX_DEATHS, type StageReport } from '@mediakeep/lease'
import { retryParked } from '@mediakeep/media'
import { type Keeping, openKeeping } from '../keeping.fixture.ts'
import { failureReasons } from '../overview/failure-reasons.ts'
import { pipelineStats } from '../overview/pipeline-stats.ts'
import { contentRow, mediaRow, seed, type Seeded } from '../seed.fixture.ts'
import { candidateClaims } from './inspect-claims.ts'
import { type Answer, inspectWith, type Machine, noMedia } from './inspector.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

/** A freshly downloaded content, not inspected yet. */
const fetched = (): Promise<Seeded> => seed(keeping, { isInspected: false })
const inspectAll = (answer: Answer, machine?: Machine): Promise<StageReport> =>
  inspectWith(keeping, answer, machine)

test.each(['crashed', 'memory'] as const)(
  'a file over which the decoder breaks (%s) is tried again, and parked alone in the end: it stays',
  async (code) => {
    const [bad, good] = [await fetched(), await fetched()]
    const breaks = (path: string): Error | undefined =>
      path.includes(bad.content.name) ? new InspectionFailedError(code, 'the decoder is gone') : undefined
    expect(await inspectAll(breaks)).toEqual({ done: 1, failed: 3 })
    expect(await mediaRow(keeping.db, good.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: 40 })
    expect(await mediaRow(keeping.db, bad.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: null })
    expect(await keeping.cache.size(bad.path)).toBe(2000)
    expect(await contentRow(keeping.db, bad.content.sha256)).toMatchObject({
      inspect_error: `gave up after 3 attempts: decoder_${code}: the decoder is gone`,
      inspect_parked_at: expect.any(Date) as Date,
      rejected_reason: null,
    })
    expect((await pipelineStats(keeping.db)).queues.inspect).toMatchObject({ waiting: 0, parked: 1 })
    expect(await failureReasons(keeping.db, 9)).toMatchObject([
      { stage: 'inspect', reason: `decoder_${code}`, count: 1, retrying: 0 },
    ])
    expect(await inspectAll(() => undefined)).toEqual({ done: 0, failed: 0 })
  },
)

test('what is parked is taken up again on request, and by other decoders', async () => {
  const one = await fetched()
  const breaks = (): Error => new InspectionFailedError('crashed', 'the decoder is gone')
  await inspectAll(breaks)
  expect(await retryParked(keeping.db, { sha256s: ['0'.repeat(64)] })).toEqual([])
  expect(await retryParked(keeping.db, { sha256s: [one.content.sha256] })).toEqual([one.content.sha256])
  expect(await inspectAll(breaks)).toEqual({ done: 0, failed: 3 })
  expect(await inspectAll(() => undefined)).toEqual({ done: 0, failed: 0 })
  expect(await inspectAll(() => undefined, { version: 'decoder 2' })).toEqual({ done: 1, failed: 0 })
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: 40 })
})

const stateOfQueue = async (): Promise<unknown[]> => {
  const found = await keeping.db.query(
    `SELECT inspect_attempts AS attempts, inspect_deaths AS deaths, inspect_lease_token AS token,
       inspect_parked_at AS parked, rejected_at AS rejected, inspect_error AS error
     FROM mediakeep.contents GROUP BY 1, 2, 3, 4, 5, 6`,
  )
  return found.rows
}
const UNTOUCHED = { attempts: 0, deaths: 0, token: null, parked: null, rejected: null, error: null }

test.each([
  ['no decoder starts', () => new InspectorUnavailableError('Node.js was replaced'), true],
  ['every decoder crashes', () => new InspectionFailedError('crashed', 'a library is missing'), false],
  ['every decoder is late', () => new InspectionFailedError('timeout', 'the disk stalls'), false],
  ['every file seems undecodable', noMedia, false],
] as const)(
  'trouble of the machine (%s) stops the pass: nothing is judged, counted or removed',
  async (_, error, isWell) => {
    const seeded = await Promise.all(Array.from({ length: 40 }, () => fetched()))
    const unavailable = (): Promise<void> =>
      Promise.reject(new InspectorUnavailableError('a known-good file failed'))
    for (let pass = 0; pass < 10; pass++) {
      await expect(inspectAll(error, isWell ? {} : { probe: unavailable })).rejects.toBeInstanceOf(
        InspectorUnavailableError,
      )
    }
    expect(await stateOfQueue()).toEqual([UNTOUCHED])
    for (const { path } of seeded) expect(await keeping.cache.size(path)).toBe(2000)
    expect(await inspectAll(() => undefined)).toEqual({ done: 40, failed: 0 })
  },
)

test('a worker that dies 17 times after it claimed costs no file; one that a file kills each time parks that file', async () => {
  const seeded = await Promise.all(Array.from({ length: 40 }, () => fetched()))
  const expire =
    'UPDATE mediakeep.contents SET inspect_lease_expires_at = now() WHERE inspect_lease_token IS NOT NULL'
  const claims = { ...keeping, concurrency: 4, leaseSeconds: 30 }
  for (let death = 0; death < 17; death++) {
    await candidateClaims(claims).next()
    await keeping.db.query(expire)
  }
  const [poison] = seeded
  await keeping.db.query('UPDATE mediakeep.contents SET inspect_deaths = $1 WHERE sha256_sum = $2', [
    MAX_DEATHS,
    poison!.content.sha256,
  ])
  expect(await inspectAll(() => undefined)).toEqual({ done: 39, failed: 1 })
  expect(await contentRow(keeping.db, poison!.content.sha256)).toMatchObject({
    inspect_error: `process_died: ${MAX_DEATHS} times in a row while it was inspected`,
    rejected_reason: null,
  })
  for (const { path } of seeded) expect(await keeping.cache.size(path)).toBe(2000)
})

test('contents over which processes died are tried alone, after all others', async () => {
  await Promise.all(Array.from({ length: 3 }, () => fetched()))
  await keeping.db.query('UPDATE mediakeep.contents SET inspect_deaths = 2')
  const fresh = await fetched()
  const claims = candidateClaims({ ...keeping, concurrency: 4, leaseSeconds: 30 })
  expect((await claims.next()).map(({ content }) => content.sha256)).toEqual([fresh.content.sha256])
  const [alone, ...none] = await claims.next()
  expect(none).toEqual([])
  expect(await claims.next()).toEqual([])
  claims.end(alone!)
  expect(await claims.next()).toHaveLength(1)
})

test('trouble that says nothing of the file waits, however often, and counts nothing', async () => {
  const one = await fetched()
  for (let attempt = 0; attempt < 20; attempt++) {
    expect(await inspectAll(() => new Error('EIO: no disk'))).toEqual({ done: 0, failed: 1 })
    expect(await stateOfQueue()).toEqual([{ ...UNTOUCHED, error: 'Error: EIO: no disk' }])
    await keeping.db.query('UPDATE mediakeep.contents SET inspect_not_before = now()')
  }
  await inspectAll(() => undefined)
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: 40 })
})
