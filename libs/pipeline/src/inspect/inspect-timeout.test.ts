import { InspectionFailedError } from '@mediakeep/content'
import type { StageReport } from '@mediakeep/lease'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inspectStage } from './inspect-stage.ts'
import { scriptedInspector } from './inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { mediaRow, seed, silent, type Seeded } from '../seed.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

function inspectAll(answer: () => Error | undefined): Promise<StageReport> {
  const inspector = scriptedInspector(() => {
    const error = answer()
    return error
      ? Promise.reject(error)
      : Promise.resolve({
          mediaType: 'image',
          mimeType: 'image/jpeg',
          extension: 'jpg',
          width: 40,
          height: 30,
        })
  })
  const stage = inspectStage({ ...keeping, inspector, concurrency: 4, leaseSeconds: 30, log: silent })
  return stage.drain(new AbortController().signal)
}

const late = (): Error => new InspectionFailedError('timeout', 'the file takes too long')

/** A content's inspection error, and the seconds until its next attempt. */
async function waiting({ content }: Seeded): Promise<{ error: string | null; seconds: number }> {
  const found = await keeping.db.query<{ error: string | null; seconds: number }>(
    `SELECT inspect_error AS error, extract(epoch FROM inspect_not_before - now())::float8 AS seconds
     FROM mediakeep.contents WHERE sha256_sum = $1`,
    [content.sha256],
  )
  return found.rows[0]!
}

test('a file that takes too long waits longer each time, and is parked with its reason only after hours', async () => {
  const one = await seed(keeping, { isInspected: false })
  let before = 0
  let total = 0
  for (let attempt = 1; attempt < 8; attempt++) {
    expect(await inspectAll(late)).toEqual({ done: 0, failed: 1 })
    const { error, seconds } = await waiting(one)
    expect(error).toBe('decoder_timeout: the file takes too long')
    expect(seconds).toBeGreaterThan(attempt > 4 ? 3_500 : 2 * before)
    expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
    expect(await keeping.cache.size(one.path)).toBe(2000)
    before = Math.max(seconds, 20)
    total += seconds
    await keeping.db.query('UPDATE mediakeep.contents SET inspect_not_before = now()')
  }
  expect(total).toBeGreaterThan(3 * 3600)
  await inspectAll(late)
  expect(await waiting(one)).toMatchObject({
    error: 'gave up after 8 attempts: decoder_timeout: the file takes too long',
  })
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
  expect(await keeping.cache.size(one.path)).toBe(2000)
  expect(await inspectAll(late)).toEqual({ done: 0, failed: 0 })
})
