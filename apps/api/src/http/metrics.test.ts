import type { PipelineStats } from '@mediakeep/pipeline'
import { expect, test } from 'vitest'
import { openMetrics } from './metrics.ts'

const STATS: PipelineStats = {
  media: { total: 3, byFate: { fetched: 3 }, byAnalysisStatus: { completed: 3 }, archived: 3 },
  contents: {
    ...{ total: 2, bytes: 9, archived: 2, archivedBytes: 9, missing: 0 },
    ...{ placeholdersSuspected: 0, rejected: 0 },
  },
  deduplicated: { media: 1, bytes: 4 },
  queues: {
    download: { waiting: 0, retrying: 0 },
    inspect: { waiting: 0, inspecting: 0, parked: 0 },
    archive: { waiting: 0, uploading: 0, givenUp: 0 },
  },
  oldestWaitingAt: undefined,
  steps: [],
  caches: [],
}

const live = (): { clients: number; groups: number; lagSeconds: number } => ({
  ...{ clients: 0, groups: 0, lagSeconds: 0 },
})

test('requests that come while a count runs share it, and the next ones reuse it', async () => {
  let counts = 0
  const metrics = openMetrics(async () => {
    counts++
    await new Promise((resolve) => setTimeout(resolve, 50))
    return STATS
  }, live)
  const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.read()))
  for (const text of texts) expect(text).toContain('mediakeep_media{fate="fetched"} 3')
  await metrics.read()
  expect(counts).toBe(1)
})

test('a count that fails is tried again by the next request', async () => {
  let counts = 0
  const metrics = openMetrics(
    () => (++counts === 1 ? Promise.reject(new Error('the database restarts')) : Promise.resolve(STATS)),
    live,
  )
  await expect(metrics.read()).rejects.toThrow('the database restarts')
  expect(await metrics.read()).toContain('mediakeep_media{fate="fetched"} 3')
})
