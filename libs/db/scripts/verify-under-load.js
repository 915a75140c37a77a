// node libs/db/scripts/verify-under-load.js [pairs of windows] [seconds of a window]
// Runs 200 queries a second, in windows that alternate: with a verification a second beside them, and without. Prints
// the queries' p99 of both, and how long a verification takes.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { createDatabase, openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { openPool } from '@mediakeep/postgres'
import { migrateDatabase, verifyDatabase } from '../src/index.ts'

const RATE = 200
const ROWS = 200_000

const percentile = (values, p) => values.sort((a, b) => a - b)[Math.floor(values.length * p)]

async function fill(url) {
  const pool = openPool(url, { max: 1 })
  await pool.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp)
    SELECT 'p-' || n, 'urn:' || n, 1733000000000 + n FROM generate_series(0, ${ROWS / 100}) n`)
  await pool.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, ai_analysis_log)
    SELECT 'med-' || n, 'p-' || n / 100, 'image', 'https://media.example/' || n, n, '[]'
    FROM generate_series(0, ${ROWS - 1}) n`)
  await pool.query('VACUUM ANALYZE')
  await pool.close()
}

/** At the rate, whatever the answers take: a slow one does not slow the questions down. */
async function load(url, seconds) {
  const pool = openPool(url, { max: 10 })
  await Promise.all(Array.from({ length: 10 }, () => pool.query('SELECT pg_sleep(0.05)')))
  const times = []
  const open = []
  const start = performance.now()
  for (let n = 0; n < RATE * seconds; n++) {
    await sleep(Math.max(0, start + (n * 1000) / RATE - performance.now()))
    const post = `p-${Math.floor((Math.random() * ROWS) / 100)}`
    const asked = performance.now()
    const query = pool.query('SELECT * FROM post_media WHERE post_id = $1 ORDER BY created_at LIMIT 20', [
      post,
    ])
    open.push(query.then(() => times.push(performance.now() - asked)))
  }
  await Promise.all(open)
  await pool.close()
  return times
}

async function verifying(url, state) {
  const took = []
  while (!state.done) {
    const start = performance.now()
    await verifyDatabase(url)
    took.push(performance.now() - start)
    await sleep(Math.max(0, 1000 - (performance.now() - start)))
  }
  return took
}

async function main() {
  const [pairs = '8', seconds = '5'] = process.argv.slice(2)
  const folder = await mkdtemp(join(tmpdir(), 'verify-load-'))
  await chmod(folder, 0o755)
  const server = await openEmbeddedPostgres(join(folder, 'postgres'))
  try {
    const url = await createDatabase(server.url, 'load')
    await migrateDatabase(url)
    await fill(url)
    await verifyDatabase(url)
    const times = { without: [], beside: [] }
    const took = []
    for (let pair = 0; pair < Number(pairs); pair++) {
      for (const kind of pair % 2 ? ['beside', 'without'] : ['without', 'beside']) {
        // The load has a thread of its own: what is measured is the database, not who asks it.
        const worker = new Worker(new URL(import.meta.url), { workerData: { url, seconds: Number(seconds) } })
        const measured = new Promise((resolve) => worker.once('message', resolve))
        const state = { done: false }
        const verified = kind === 'beside' ? verifying(url, state) : Promise.resolve([])
        times[kind].push(...(await measured))
        state.done = true
        took.push(...(await verified))
      }
    }
    const [without, beside] = [percentile(times.without, 0.99), percentile(times.beside, 0.99)]
    console.log(
      `${times.without.length} queries without a verification beside them: p99 ${without.toFixed(2)} ms`,
    )
    console.log(`${times.beside.length} queries with one a second: p99 ${beside.toFixed(2)} ms`)
    console.log(`change of p99: ${(100 * (beside / without - 1)).toFixed(1)} %`)
    console.log(
      `${took.length} verifications: median ${percentile(took, 0.5).toFixed(0)} ms, longest ${Math.max(...took).toFixed(0)} ms`,
    )
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (isMainThread) await main()
else parentPort.postMessage(await load(workerData.url, workerData.seconds))
