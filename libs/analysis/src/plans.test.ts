import type { Database, Sql } from '@mediakeep/sql'
import { createTestDatabase, explaining, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { configureAnalysers } from './analysers.ts'
import { EVERY_TYPE } from './analysis.fixture.ts'
import { claimAnalyses, type ClaimAnalysesOptions } from './claim.ts'
import { planAnalyses } from './plan.ts'
import { requeueAnalyses } from './requeue.ts'
import { completeAnalyses, expireAnalyses } from './settle.ts'
import { shareAnalyses } from './share.ts'

const ROWS = 60_000
let database: TestDatabase
let plans: string[]
/** Records PostgreSQL's plan for each statement before it runs. */
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  await configureAnalysers(database, [{ name: 'facts', version: '1', mediaTypes: EVERY_TYPE }])
  await database.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await database.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, inspected_at, created_at)
     SELECT encode(sha256(n::text::bytea), 'hex'), md5(n::text), md5(n::text), 9,
       (ARRAY['image', 'video', 'document'])[1 + n % 3], 'a/b', 'bin', now(), now() + n * interval '1 ms'
     FROM generate_series(1, $1::int) n`,
    [ROWS],
  )
  await database.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate, ai_analysis_log)
     SELECT 'med-' || n, 'p-1', 'image', 'https://a.test/' || n, n::text, encode(sha256(n::text::bytea), 'hex'), 'fetched', '[]'
     FROM generate_series(1, $1::int) n`,
    [ROWS],
  )
  while ((await planAnalyses(database, 10_000)) > 0);
  await database.query('VACUUM ANALYZE')
  ;({ db, plans } = explaining(database))
})
beforeEach(() => {
  plans.length = 0
})
afterAll(() => database.drop())

const WHOLE_TABLE = /Seq Scan on (?:post_media|contents|analyses)/
const CLAIM = { limit: 100, leaseSeconds: 60, worker: 'w' }

/** The part of a claim's plan that picks new rows, up to the write. */
const picking = (): string[] =>
  plans
    .filter((plan) => plan.includes('CTE picked') && !plan.includes('analyses_due_idx'))
    .map((plan) => plan.slice(plan.indexOf('CTE picked'), plan.indexOf('CTE claimed')))

test.each<[Partial<ClaimAnalysesOptions>, string]>([
  [{}, 'analyses_queue_idx'],
  [{ mediaType: 'video' }, 'analyses_type_queue_idx'],
  [{ order: 'priority' }, 'analyses_priority_queue_idx'],
  [{ order: 'priority', mediaType: 'video' }, 'analyses_type_priority_queue_idx'],
])('a claim of %j is a scan of %s, without a sort', async (options, index) => {
  expect(await claimAnalyses(db, { ...CLAIM, ...options })).toHaveLength(100)
  expect(picking().length).toBeGreaterThan(0)
  for (const plan of picking()) {
    expect(plan).toContain(`Index Scan using ${index}`)
    expect(plan).not.toContain('Sort')
  }
  expect(plans.join('\n')).not.toMatch(WHOLE_TABLE)
})

test('claims and hand-ins of one keep their plans as those of many do', async () => {
  await database.transaction(async (sql) => {
    const one = { query: sql.query.bind(sql), transaction: (work: (sql: Sql) => Promise<never>) => work(sql) }
    for (let n = 0; n < 12; n++) {
      const leases = await claimAnalyses(one, { ...CLAIM, limit: 1 })
      await completeAnalyses(
        one,
        leases.map((lease) => ({ ...lease, result: {} })),
      )
    }
    const { rows } = await sql.query<{ made: number }>(
      'SELECT custom_plans AS made FROM pg_prepared_statements WHERE generic_plans + custom_plans >= 12',
    )
    // PostgreSQL makes five custom plans before it considers a generic one.
    expect(rows).toEqual([{ made: 5 }, { made: 5 }, { made: 5 }])
  })
})

test('what came back is found by when it is due', async () => {
  const leases = await claimAnalyses(database, CLAIM)
  await database.query(
    'UPDATE mediakeep.analyses SET analysis_lease_expires_at = now() WHERE analysis_id = $1',
    [leases[0]!.id],
  )
  await expireAnalyses(db)
  await claimAnalyses(db, CLAIM)
  await claimAnalyses(db, { ...CLAIM, limit: 100 })
  expect(plans.join('\n')).toMatch(/Index Scan using idx_media_(?:ai_status_created|analysis_status)/)
  expect(plans.join('\n')).not.toMatch(WHOLE_TABLE)
})

test('hand-ins, sharing, planning and asking again read by index alone', async () => {
  const leases = await claimAnalyses(database, CLAIM)
  const result = { text: 'x', perceptualHash: 'ffee000000000001' }
  await completeAnalyses(
    db,
    leases.map((lease) => ({ ...lease, result })),
  )
  await shareAnalyses(db, { mediaIds: leases.map((lease) => lease.mediaId) })
  // Few rows relative to the table, as in real use: for 500 of 60,000 the planner might as well read the whole table.
  await planAnalyses(db, 100)
  await requeueAnalyses(db, { mediaIds: leases.map((lease) => lease.mediaId) })
  expect(plans.length).toBeGreaterThan(5)
  expect(plans.join('\n')).not.toMatch(WHOLE_TABLE)
})
