import { ENDED_WITHOUT_FILE } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheHeartbeat } from '../integrity/cache-heartbeat.ts'
import { countCacheTask } from '../integrity/tasks.ts'
import { expiringMedia } from './expiring-media.ts'
import { selectFailureReasons } from './failure-reasons.sql.ts'
import { failureReasons, hasFailed } from './failure-reasons.ts'
import { pipelineStats } from './pipeline-stats.ts'
import { throughput } from './throughput.ts'

/** Fetched and archived long ago: today's numbers must not read these one by one. */
const OLD = 40_000

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
  await db.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension,
       cache_id, inspected_at, archive_url, archived_at, archive_error, archive_attempts, inspect_error)
     SELECT encode(sha256(n::text::bytea), 'hex'), md5(n::text), md5(n::text), 9, 'image', 'image/jpeg', 'jpg',
       CASE WHEN n <= 3 THEN gen_random_uuid() END, CASE WHEN n <> 3 THEN now() END,
       CASE WHEN n NOT IN (2, 3) THEN 'file:media/' || n END,
       CASE WHEN n = 1 THEN now() WHEN n > 3 THEN now() - interval '3 years' END,
       CASE n WHEN 2 THEN 'no such bucket' END, CASE n WHEN 2 THEN 8 ELSE 0 END, CASE n WHEN 3 THEN 'no disk' END
     FROM generate_series(1, $1::int) n`,
    [OLD],
  )
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, sha256_sum, fate,
       fetched_at, archive_url, local_file_path, ai_analysis_status, ai_analyzed_at)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, n::text, 'a.test', encode(sha256(n::text::bytea), 'hex'),
       'fetched', CASE WHEN n <= 3 THEN now() ELSE now() - interval '3 years' END, c.archive_url, 'x/' || n,
       CASE n WHEN 1 THEN 'completed' WHEN 4 THEN 'failed' ELSE 'not_started' END, CASE n WHEN 1 THEN now() END
     FROM generate_series(1, $1::int) n JOIN mediakeep.contents c ON c.sha256_sum = encode(sha256(n::text::bytea), 'hex')`,
    [OLD],
  )
  await db.query(
    `INSERT INTO mediakeep.analysers (name, version, media_types, generation) VALUES ('ocr', '2', '{image}', 1)`,
  )
  await db.query(
    `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, error)
     VALUES (encode(sha256('4'::bytea), 'hex'), 'ocr', '2', 'image', 'failed', 'out of memory'),
       (encode(sha256('5'::bytea), 'hex'), 'ocr', '1', 'image', 'failed', 'of an earlier version')`,
  )
  await add('waiting', 'b.test', '2 hours', 3)
  await add('waiting', 'c.test', '90 minutes', 1)
  await add('waiting', 'c.test', '3 days', 500)
  await add('waiting', 'd.test', '-1 hour', 1)
  await add('waiting', 'e.test', undefined, 20)
  await add('failed', 'b.test', '1 hour', 1, 'http_503: https://b.test/1 is busy', true)
  await add('failed', 'b.test', '1 hour', 2, 'gave up after 8 attempts: http_503: https://b.test/2 is busy')
  await add('gone', 'b.test', '1 hour', 4, 'HTTP 404')
  await add('gone', 'b.test', '1 hour', 1, 'Error: nothing there')
  await add('expired', 'b.test', '-1 hour', 5)
  await db.query('VACUUM ANALYZE')
})
afterAll(() => db.drop())

let added = 0

async function add(
  fate: string,
  host: string,
  expiresIn: string | undefined,
  rows: number,
  reason?: string,
  isRetried = false,
): Promise<void> {
  await db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, fate,
       url_expires_at, fate_reason, download_not_before)
     SELECT 'med-new' || n, 'p-1', 'image', 'https://x.test/' || n, 'new' || n, $2, $3, now() + $4::interval, $5,
       CASE WHEN $6 THEN now() + interval '1 minute' END
     FROM generate_series($1::int, $1::int + $7::int - 1) n`,
    [added, host, fate, expiresIn, reason, isRetried, rows],
  )
  added += rows
}

/** Records the plan of every query. */
function explained(): { sql: Sql; plans: string[] } {
  const plans: string[] = []
  const sql: Sql = {
    async query(text, values) {
      const plan = await db.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, values)
      plans.push(...plan.rows.map((row) => row['QUERY PLAN']))
      return db.query(text, values)
    },
  }
  return { sql, plans }
}

test('every step says how many have come through, and what becomes of the others', async () => {
  const { steps } = await pipelineStats(db)
  expect(steps).toMatchObject([
    { name: 'found', done: OLD + 538 },
    { name: 'fetched', done: OLD, waiting: 526, retrying: 1, inHand: 0, failed: 12 },
    { name: 'inspected', done: OLD - 1, waiting: 1, inHand: 0, failed: 0 },
    { name: 'archived', done: OLD - 2, waiting: 0, inHand: 0, failed: 1 },
    { name: 'analysed', done: 1, waiting: OLD - 2, inHand: 0, failed: 1 },
  ])
  expect(steps[1]!.oldestWaitingAt).toBeInstanceOf(Date)
  expect(steps[2]!.oldestWaitingAt).toBeInstanceOf(Date)
  expect(steps[3]!.oldestWaitingAt).toBeUndefined()
})

test('media whose object is missing from the archive are not counted as archived', async () => {
  const missing = (since: string): Promise<unknown> =>
    db.query(
      `UPDATE mediakeep.contents SET archive_missing_since = ${since} WHERE sha256_sum = encode(sha256('7'::bytea), 'hex')`,
    )
  expect((await pipelineStats(db)).media.archived).toBe(OLD - 2)
  await missing('now()')
  const { media, contents } = await pipelineStats(db)
  await missing('NULL')
  expect([media.archived, contents.archived, contents.missing]).toEqual([OLD - 3, OLD - 3, 1])
})

test('each cache holds what it held when it was last counted', async () => {
  const id = '00000000-0000-4000-8000-000000000001'
  const sighting = { id, host: 'tower', folder: '/cache' }
  await cacheHeartbeat(db, sighting).drain(new AbortController().signal)
  expect((await pipelineStats(db)).caches).toMatchObject([{ ...sighting, files: null, countedAt: null }])
  const usage = { files: 29, byteSize: 1000 }
  const task = countCacheTask(
    { db, cache: { id, stats: () => Promise.resolve({ total: usage }) } },
    { everySeconds: 60 },
  )
  expect(await task.run(new AbortController().signal)).toEqual({ files: 29, bytes: 1000 })
  expect((await pipelineStats(db)).caches).toMatchObject([
    { ...sighting, files: 29, bytes: 1000, countedAt: expect.any(Date) as Date },
  ])
})

test('what somebody holds is in hand, and does not wait', async () => {
  await db.query(
    `UPDATE public.post_media SET download_lease_token = gen_random_uuid(), download_lease_expires_at = now() + interval '1 minute'
     WHERE media_id = 'med-new0'`,
  )
  const [, fetched] = (await pipelineStats(db)).steps
  expect(fetched).toMatchObject({ waiting: 525, inHand: 1 })
  await db.query(`UPDATE public.post_media SET download_lease_token = NULL, download_lease_expires_at = NULL
    WHERE media_id = 'med-new0'`)
})

test('what may be lost within a day is counted by the index of the download queue', async () => {
  const { sql, plans } = explained()
  const { count, firstAt } = await expiringMedia(sql, 24)
  expect(count).toBe(5)
  const inHours = (firstAt!.getTime() - Date.now()) / 3_600_000
  expect(inHours).toBeGreaterThan(0.9)
  expect(inHours).toBeLessThan(1)
  expect(plans.join('\n')).toContain('post_media_download_queue_idx')
  // Hosts are walked, and only rows that expire in time are read for each.
  expect(plans.join('\n')).toMatch(/Index Cond: .*source_host = h\.host.*url_expires_at/)
  expect(plans.join('\n')).not.toMatch(/Seq Scan on post_media/)
  expect(await expiringMedia(db, 0)).toEqual({ count: 0, firstAt: null })
})

test('all fates without a file are counted by reason', () => {
  const [, fates] = /m\.fate IN \((.*?)\)/.exec(selectFailureReasons.text)!
  expect(fates!.split(', ')).toEqual(ENDED_WITHOUT_FILE.map((fate) => `'${fate}'`))
})

test('failures are counted by reason, and a reason finds the media that it counts', async () => {
  const { sql, plans } = explained()
  const reasons = await failureReasons(sql, 10)
  expect(reasons).toMatchObject([
    { stage: 'fetch', fate: 'expired', analyser: null, reason: '', count: 5, retrying: 0 },
    { stage: 'fetch', fate: 'gone', analyser: null, reason: 'HTTP 404', count: 4, retrying: 0 },
    { stage: 'fetch', fate: 'failed', analyser: null, reason: 'http_503', count: 3, retrying: 1 },
    { stage: 'analyse', fate: null, analyser: 'ocr@2', reason: 'out of memory', count: 1, retrying: 0 },
    { stage: 'archive', fate: null, analyser: null, reason: 'no such bucket', count: 1, retrying: 0 },
    { stage: 'fetch', fate: 'gone', analyser: null, reason: 'Error: nothing there', count: 1, retrying: 0 },
    { stage: 'inspect', fate: null, analyser: null, reason: 'no disk', count: 1, retrying: 1 },
  ])
  expect(plans.join('\n')).not.toMatch(/Seq Scan on post_media/)
  expect(reasons[2]!.example).toContain('https://b.test/')
  expect(await failureReasons(db, 2)).toHaveLength(2)
  for (const { stage, analyser, reason, count } of reasons) {
    const found = await db.query<{ count: number }>(
      `SELECT count(*) FROM public.post_media m
       WHERE ${hasFailed(stage, { reason: '$1', analyser: analyser === null ? undefined : '$2' })}`,
      analyser === null ? [reason] : [reason, analyser],
    )
    expect(found.rows[0]!.count, `${stage} ${reason}`).toBe(count)
  }
})

test.each([
  ['hour', 24, 3_600_000],
  ['day', 30, 86_400_000],
] as const)('throughput by the %s, those without anything too', async (unit, length, ms) => {
  const units = await throughput(db, unit)
  expect(units).toHaveLength(length)
  // The clock may have passed the hour since these were written.
  const counts = units.map(({ fetched, archived, analysed }) => ({ fetched, archived, analysed }))
  const none = { fetched: 0, archived: 0, analysed: 0 }
  expect(counts.slice(-2)).toContainEqual({ fetched: 3, archived: 1, analysed: 1 })
  expect(counts.filter((unit) => unit.fetched === 0)).toEqual(Array.from({ length: length - 1 }, () => none))
  expect(Math.floor(Date.now() / ms) * ms - units.at(-1)!.start.getTime()).toBeLessThanOrEqual(ms)
  expect(units[1]!.start.getTime() - units[0]!.start.getTime()).toBe(ms)
})
