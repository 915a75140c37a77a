import { claimAnalyses } from '@mediakeep/analysis'
import type { Database, Sql } from '@mediakeep/sql'
import { fillAnalyses } from './analysis-fill.ts'
import { clock, median, type Finding } from './compare.ts'
import { withDatabases, type BenchDatabase, type Databases } from './databases.ts'

const SMALL = 100_000
const LARGE = Number(process.env['BENCH_ANALYSIS_ROWS'] ?? 5_000_000)
const CLAIMS = 200

/** Measures how long a claim takes as the queue grows, and shows PostgreSQL's plan. */
export async function benchAnalysisLatency(): Promise<Finding[]> {
  return await withDatabases(measure)
}

async function measure(databases: Databases): Promise<Finding[]> {
  const small = await databases.fresh('analysis_small')
  const large = await databases.fresh('analysis_large')
  await fillAnalyses(small, SMALL)
  await fillAnalyses(large, LARGE)
  const times = { small: [] as number[], large: [] as number[] }
  // Alternate, so that a slow machine slows both.
  for (let n = 0; n < CLAIMS; n++) {
    times.small.push(await timeClaim(small))
    times.large.push(await timeClaim(large))
  }
  const [few, many] = [median(times.small) * 1e3, median(times.large) * 1e3]
  return [
    `analysis claim of 20: ${few.toFixed(2)} ms with ${SMALL.toLocaleString('en-US')} rows, ${many.toFixed(2)} ms with ${LARGE.toLocaleString('en-US')}`,
    { name: 'analysis claim, many rows against few', unit: 'times', value: many / few, atMost: 1.2 },
    ...(await explainClaim(large)),
  ]
}

const timeClaim = (db: BenchDatabase): Promise<number> =>
  clock(() => claimAnalyses(db, { limit: 20, leaseSeconds: 300, worker: 'bench' }))

/** Returns the plan for picking rows. */
async function explainClaim(db: BenchDatabase): Promise<string[]> {
  const plans: string[] = []
  const explained = (sql: Sql): Sql => ({
    async query(text, values) {
      if (text.includes('(VALUES ') && text.startsWith('WITH picked')) {
        const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, values)
        plans.push(...rows.map((row) => row['QUERY PLAN']))
      }
      return await sql.query(text, values)
    },
  })
  const database: Database = {
    ...explained(db),
    transaction: (work) => db.transaction((sql) => work(explained(sql))),
  }
  await claimAnalyses(database, { limit: 20, leaseSeconds: 300, worker: 'bench' })
  const start = plans.findIndex((line) => line.includes('CTE picked'))
  const end = plans.findIndex((line, n) => n > start && line.includes('CTE '))
  return plans.slice(start, end)
}
