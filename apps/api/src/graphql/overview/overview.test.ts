import { pipelineStats } from '@mediakeep/pipeline'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

const TIME = expect.any(String) as string

let db: TestDatabase
let api: TestApi

// Twelve media: four expired, and eight fetched that show seven contents.
beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 3)
  await db.query(
    `UPDATE post_media SET fate = 'waiting', source_host = 'a.test', url_expires_at = now() + interval '3 hours'
     WHERE media_id = 'med-00000003'`,
  )
  await db.query(
    `UPDATE post_media SET fate_reason = 'http_403: https://a.test/6 is refused' WHERE media_id = 'med-00000006'`,
  )
  await db.query(
    `UPDATE post_media SET local_file_path = 'x/y.jpg', fetched_at = now() WHERE fate = 'fetched'`,
  )
  await db.query(
    `UPDATE mediakeep.contents SET cache_id = gen_random_uuid(),
       inspected_at = CASE WHEN sha256_sum NOT LIKE '01%' THEN now() END,
       inspect_error = CASE WHEN sha256_sum LIKE '01%' THEN 'no disk' END,
       archive_error = CASE WHEN sha256_sum LIKE '02%' THEN 'no bucket' END,
       archive_attempts = CASE WHEN sha256_sum LIKE '02%' THEN 8 ELSE 0 END`,
  )
  // Two analysers fail for the same reason, each on a different content.
  await db.query(
    `INSERT INTO mediakeep.analysers (name, version, media_types, generation)
     VALUES ('ocr', '2', '{image}', 1), ('vision', '1', '{image}', 1)`,
  )
  await db.query(
    `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, error)
     SELECT c.sha256_sum, g.name, g.version, 'image', 'failed', 'no memory' FROM mediakeep.contents c
     JOIN mediakeep.analysers g ON c.sha256_sum LIKE CASE g.name WHEN 'ocr' THEN '03%' ELSE '04%' END`,
  )
  api = await startTestApi(db, { readStats: () => pipelineStats(db) })
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

async function count(filter: object): Promise<number> {
  const { mediaItems } = await api.ask<{ mediaItems: { totalCount: number; nodes: unknown[] } }>(
    'query ($filter: MediaFilter) { mediaItems(filter: $filter) { totalCount nodes { id } } }',
    { filter },
  )
  expect(mediaItems.nodes).toHaveLength(mediaItems.totalCount)
  return mediaItems.totalCount
}

test('every step of the way is counted, and what is counted can be listed', async () => {
  const { mediaStats } = await api.ask<{ mediaStats: { steps: { name: string; done: number }[] } }>(
    '{ mediaStats { steps { name done toGo waiting retrying inHand failed oldestWaitingAt } } }',
  )
  const steps = Object.fromEntries(mediaStats.steps.map((step) => [step.name, step]))
  expect(Object.keys(steps)).toEqual(['found', 'fetched', 'inspected', 'archived', 'analysed'])
  expect(steps['found']!.done).toBe(await count({}))
  const [unfetched, uninspected] = [await count({ fate: 'waiting' }), await count({ inspected: false })]
  const unarchived = await count({ fate: 'fetched', archived: false })
  const unanalysed = await count({ fate: 'fetched', status: 'not_started' })
  for (const some of [unfetched, uninspected, unarchived, unanalysed]) expect(some).toBeGreaterThan(0)
  expect(steps['fetched']).toMatchObject({ done: await count({ fate: 'fetched' }), waiting: 1, failed: 3 })
  expect(steps['fetched']).toMatchObject({ toGo: unfetched })
  expect(steps['inspected']).toMatchObject({ done: await count({ inspected: true }), waiting: 1 })
  expect(steps['inspected']).toMatchObject({ toGo: uninspected })
  expect(steps['archived']).toMatchObject({ done: await count({ archived: true }), failed: 1 })
  expect(steps['archived']).toMatchObject({ toGo: unarchived })
  expect(steps['analysed']).toMatchObject({ done: await count({ status: 'completed' }), toGo: unanalysed })
})

test('each cache is counted by itself, as its machine last saw it', async () => {
  await db.query(
    `INSERT INTO mediakeep.caches (cache_id, host, folder, last_seen_at, files, bytes, counted_at)
     VALUES (gen_random_uuid(), 'old-machine', '/old', now() - interval '2 days', 709, 7090, now() - interval '2 days'),
       (gen_random_uuid(), 'new-machine', '/new', now(), 29, 290, now() - interval '5 minutes'),
       (gen_random_uuid(), 'just-started', '/x', now() - interval '1 minute', NULL, NULL, NULL)`,
  )
  const query = '{ mediaStats { caches { host fileCount bytes countedAt lastSeenAt isAbsent } } }'
  const read = (): Promise<{ mediaStats: { caches: object[] } }> => api.ask(query)
  // The counts are shared for half a second.
  await expect
    .poll(async () => (await read()).mediaStats.caches, { timeout: 5_000 })
    .toEqual([
      { host: 'new-machine', fileCount: 29, bytes: 290, countedAt: TIME, lastSeenAt: TIME, isAbsent: false },
      {
        host: 'just-started',
        fileCount: null,
        bytes: null,
        countedAt: null,
        lastSeenAt: TIME,
        isAbsent: false,
      },
      { host: 'old-machine', fileCount: 709, bytes: 7090, countedAt: TIME, lastSeenAt: TIME, isAbsent: true },
    ])
})

test('what may be lost soon is counted and can be listed', async () => {
  const ask = (withinHours: number): Promise<object> =>
    api.ask('query ($withinHours: Int!) { expiringMedia(withinHours: $withinHours) { count firstAt } }', {
      withinHours,
    })
  expect(await ask(24)).toEqual({ expiringMedia: { count: 1, firstAt: expect.any(String) as string } })
  expect(await ask(1)).toEqual({ expiringMedia: { count: 0, firstAt: null } })
  expect(await count({ expiresWithinHours: 24 })).toBe(1)
  expect(await count({ expiresWithinHours: 1 })).toBe(0)
})

test('each reason of failure lists as many media as it counts', async () => {
  const { failureReasons: reasons } = await api.ask<{
    failureReasons: {
      stage: string
      fate: string | null
      analyser: string | null
      reason: string
      count: number
    }[]
  }>('{ failureReasons(limit: 10) { stage fate analyser reason example count retrying } }')
  expect(reasons.map(({ stage, reason }) => `${stage}: ${reason}`).sort()).toEqual([
    'analyse: no memory',
    'analyse: no memory',
    'archive: no bucket',
    'fetch: ',
    'fetch: http_403',
    'inspect: no disk',
  ])
  for (const { stage, fate, analyser, reason, count: counted } of reasons)
    expect(await count({ failure: { stage, reason, analyser }, ...(fate && { fate }) })).toBe(counted)
  expect(await count({ failure: { stage: 'fetch' } })).toBe(3)
  expect(await api.ask('{ failureReasons(limit: 1) { stage } }')).toMatchObject({ failureReasons: [{}] })
})

test('throughput comes by the hour and by the day', async () => {
  const { hours, days } = await api.ask<Record<'hours' | 'days', { fetched: number }[]>>(
    '{ hours: throughput { start fetched archived analysed } days: throughput(unit: DAY) { start fetched } }',
  )
  expect([hours.length, days.length]).toEqual([24, 30])
  for (const units of [hours, days]) expect(units.reduce((sum, { fetched }) => sum + fetched, 0)).toBe(8)
})

test('what cannot be asked is refused', async () => {
  for (const query of [
    '{ failureReasons(limit: 101) { stage } }',
    '{ expiringMedia(withinHours: 0) { count } }',
    '{ mediaItems(filter: { expiresWithinHours: 100000 }) { nodes { id } } }',
  ])
    expect((await api.answer(query)).errors).toHaveLength(1)
})
