import type { Database, Sql } from '@mediakeep/sql'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createImportRun, readRunSummary, runImport } from './index.ts'
import { formats, invented, postsFile } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp, raw_json)
    SELECT 'p-old' || n, 'old-' || n, 0, '{}' FROM generate_series(1, 40000) n`)
  await database.query(
    `INSERT INTO download_runs (run_id, started_at) SELECT 'run-' || n, now() FROM generate_series(1, 9) n`,
  )
  await database.query(`INSERT INTO data_downloads (download_id, post_id, run_id, downloaded_at)
    SELECT 'dl-' || n, 'p-old' || n, 'run-' || n % 9 + 1, now() FROM generate_series(1, 40000) n`)
  await database.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key)
    SELECT 'med-' || n, 'p-old' || n, 'image', 'x', 'key-' || n FROM generate_series(1, 40000) n`)
})
afterAll(() => database.drop())

/** Explains every statement before it runs. */
function explaining(plans: string[]): Database {
  const wrap = (sql: Sql): Sql => ({
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      const plan = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
      plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'))
      return sql.query<Row>(text, values)
    },
  })
  return { ...wrap(database), transaction: (work) => database.transaction((sql) => work(wrap(sql))) }
}

// 40 posts into 40,000, in the ratio of a batch of 500 into half a million.
test.each(['never analysed', 'analysed'])(
  'no statement of an import reads a whole table (%s)',
  async (state) => {
    if (state === 'analysed') await database.query('ANALYZE')
    const plans: string[] = []
    const file = await postsFile(Array.from({ length: 40 }, (_, n) => invented(n)))
    for (let run = 0; run < 2; run++) {
      const runId = await createImportRun(database, { files: [file], machine: 'here' })
      const db = explaining(plans)
      await runImport(db, { runId, formats })
      // Called once per run, over rows that autovacuum has analysed by then.
      if (state === 'analysed') await readRunSummary(db, runId)
    }
    expect(plans.length).toBeGreaterThan(10)
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (?:posts|data_downloads|post_media)/)
  },
)
