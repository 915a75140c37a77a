import { afterAll, beforeAll, expect, test } from 'vitest'
import { promoteRetries } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { findHosts } from './hosts.ts'
import { claimRows, claimSuspect } from './queue.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  // Indexes that no query here needs only cost time to fill.
  const others = await database.query<{ name: string }>(
    `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'post_media'
       AND indexname NOT LIKE '%download%' AND indexname <> 'post_media_pkey'`,
  )
  for (const { name } of others.rows) await database.query(`DROP INDEX public.${name}`)
  await database.query(`INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0)`)
  await database.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica')
    // 900,000 rows on three hosts, 100,000 on five thousand; every tenth without a deadline, some expired.
    await sql.query(
      `INSERT INTO public.post_media
         (media_id, post_id, media_type, media_url, source_key, source_host, url_expires_at, fate, download_not_before)
       SELECT 'med-' || n, 'p-1', 'image', 'https://host.test/' || n, n::text,
         CASE WHEN n % 10 = 0 THEN 'host' || n / 10 % 5000 || '.test' ELSE 'big' || n % 3 || '.test' END,
         CASE WHEN n % 10 <> 1 THEN now() + make_interval(secs => n - 200000) END,
         CASE WHEN n % 50 = 7 THEN 'failed' ELSE 'waiting' END,
         CASE WHEN n % 50 = 7 THEN now() + make_interval(secs => n - 500) END
       FROM generate_series(1, 1000000) n`,
    )
  })
  await database.query('VACUUM ANALYZE public.post_media')
}, 180_000)
afterAll(() => database.drop())

/** The plans, as executed, of a function's database queries. */
async function plansOf(ask: (sql: Sql) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const rollback = new Error('rolled back')
  const explain = database.transaction(async (sql) => {
    await ask({
      async query(text, values) {
        const plan = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF) ${text}`, values)
        plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'))
        return { rows: [], rowCount: 0 }
      },
    })
    throw rollback
  })
  await expect(explain).rejects.toBe(rollback)
  return plans.join('\n')
}

function slowest(plans: string): number {
  return Math.max(...[...plans.matchAll(/Execution Time: ([\d.]+) ms/g)].map((match) => Number(match[1])))
}

test('a claim reads the front of its host in the queue index, whatever its deadlines', async () => {
  const plans = await plansOf(async (sql) => {
    await claimRows(sql, 'big1.test', 64, 30)
    await claimRows(sql, 'host77.test', 64, 30)
  })
  expect(plans).toContain('post_media_download_queue_idx')
  expect(plans).not.toMatch(/Seq Scan on post_media|Bitmap|Sort Key: .*\bq_1\b/)
  expect(slowest(plans)).toBeLessThan(50)
})

test('a claim of a suspect reads no more than the leases there are, or what is left of its host', async () => {
  const plans = await plansOf((sql) => claimSuspect(sql, 'host77.test', 30))
  expect(plans).toMatch(/post_media_download_(?:queue|lease)_idx/)
  expect(plans).not.toMatch(/Seq Scan on post_media/)
  expect(slowest(plans)).toBeLessThan(50)
})

test('hosts with work are found by one index entry each', async () => {
  const plans = await plansOf((sql) => findHosts(sql, 5, 256))
  expect(plans).toContain('post_media_download_queue_idx')
  expect(plans).not.toMatch(/Seq Scan on post_media/)
  expect(slowest(plans)).toBeLessThan(1_000)
})

test('retries that are due are read from their own index', async () => {
  const plans = await plansOf((sql) => promoteRetries(sql))
  expect(plans).toContain('post_media_download_retry_idx')
  expect(plans).not.toMatch(/Seq Scan on post_media/)
  expect(slowest(plans)).toBeLessThan(200)
})
