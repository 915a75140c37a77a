import { claimAnalyses, completeAnalyses } from '@mediakeep/analysis'
import { fillAnalyses } from './analysis-fill.ts'
import { analysisOverGraphql } from './analysis-graphql.ts'
import { bareLoop, bossLoop, workThrough } from './analysis-loops.ts'
import { compareRates, type Finding } from './compare.ts'
import { withDatabases, type BenchDatabase, type Databases } from './databases.ts'

const ROWS = 20_000
const RESULT = {
  ...{ width: 800, height: 600, orientation: 1, dominantColor: '#aabbcc' },
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  caption: 'a chart of two lines',
}
/** Our own indexes that contain a row of `post_media` while it is analysed. */
const OWN_INDEXES = [
  ...['post_media_post_source_key', 'post_media_sha256_sum_idx', 'post_media_created_idx'],
  ...['post_media_posted_idx', 'post_media_fate_created_idx'],
]
const SHOWN = JSON.stringify({ facts: RESULT })

/** Compares claims and completions with a bare loop and pg-boss, also while a transaction stays open. */
export async function benchAnalysis(): Promise<Finding[]> {
  return await withDatabases(async (databases) => [
    ...(await benchBatch(databases, 20)),
    ...(await benchBatch(databases, 100)),
    ...(await benchOpenTransaction(databases)),
    await analysisOverGraphql(await filled(databases), ROWS / 4, 100, RESULT),
  ])
}

async function filled(databases: Databases, rows = ROWS * 1.5): Promise<BenchDatabase> {
  const db = await databases.fresh('analysis')
  await fillAnalyses(db, rows)
  return db
}

async function benchBatch(databases: Databases, batch: number): Promise<Finding[]> {
  return await compareRates({
    name: `analysis, ${batch} at a time`,
    unit: 'claims and completions/s',
    references: [
      { against: 'a bare SKIP LOCKED loop', aim: 0.5 },
      { against: 'pg-boss', aim: 0.75 },
      { against: 'the bare loop with the given indexes alone' },
    ],
    rates: [
      async () => {
        const db = await filled(databases)
        return await workThrough(ROWS, () => claimAndComplete(db, batch))
      },
      async () => {
        const db = await filled(databases)
        return await workThrough(ROWS, () => bareLoop(db, batch, SHOWN))
      },
      async () => await bossLoop(await databases.fresh('boss'), ROWS, batch, RESULT),
      async () => {
        const db = await filled(databases)
        for (const index of OWN_INDEXES) await db.query(`DROP INDEX ${index}`)
        return await workThrough(ROWS, () => bareLoop(db, batch, SHOWN))
      },
    ],
  })
}

/** Measures the effect of a forgotten open transaction: dead rows stay at the head of every queue. */
async function benchOpenTransaction(databases: Databases): Promise<Finding[]> {
  const rates = async (step: (db: BenchDatabase) => Promise<number>): Promise<[number, number]> => {
    const db = await filled(databases, ROWS * 3.5)
    const free = await workThrough(ROWS, () => step(db))
    const held = await db.transaction(async (sql) => {
      await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
      await sql.query('SELECT count(*) FROM posts')
      await workThrough(ROWS, () => step(db))
      return await workThrough(ROWS, () => step(db))
    })
    return [free, held]
  }
  const ours = await rates((db) => claimAndComplete(db, 100))
  const bare = await rates((db) => bareLoop(db, 100, SHOWN))
  const figure = ([free, held]: readonly [number, number]): string =>
    `${Math.round(held).toLocaleString('en-US')} of ${Math.round(free).toLocaleString('en-US')}/s (${(held / free).toFixed(2)})`
  return [
    `analysis with a transaction open since ${ROWS.toLocaleString('en-US')} rows: ${figure(ours)}, a bare loop: ${figure(bare)}`,
  ]
}

async function claimAndComplete(db: BenchDatabase, batch: number): Promise<number> {
  const leases = await claimAnalyses(db, { limit: batch, leaseSeconds: 300, worker: 'bench' })
  await completeAnalyses(
    db,
    leases.map(({ id, token }) => ({ id, token, result: RESULT, usage: { durationMs: 12 } })),
  )
  return leases.length
}
