import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readLog } from '@mediakeep/analysis-status'
import { migrateDatabase } from '@mediakeep/db'
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase, openPool, type Pool } from '@mediakeep/postgres'
import { isTransient } from '@mediakeep/sql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addContents, EVERY_TYPE, shownRows } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { canJump, restartPostgres, startChaos } from './chaos.fixture.ts'
import { claimAnalyses } from './claim.ts'
import { planAnalyses } from './plan.ts'
import { completeAnalyses, expireAnalyses } from './settle.ts'

/** 20,000 in continuous integration (.ci/analysis-chaos). */
const ROWS = Number(process.env['CHAOS_ROWS'] ?? 2_000)
const STRIKE_MS = 400

let folder: string
let server: EmbeddedPostgres
let db: Pool
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-chaos-'))
  await chmod(folder, 0o755)
  server = await openEmbeddedPostgres(join(folder, 'postgres'), {
    settings: ['fsync=off', 'max_connections=100'],
  })
  const url = await createDatabase(server.url, 'chaos')
  await migrateDatabase(url)
  db = openPool(url)
  await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: EVERY_TYPE }])
  // Every tenth content is shown by three rows.
  const names = Array.from({ length: Math.ceil((ROWS * 10) / 12) }, (_, n) => ({
    name: `c${n}`,
    rows: n % 10 ? 1 : 3,
  }))
  for (let n = 0; n < names.length; n += 2_000) await addContents(db, names.slice(n, n + 2_000))
  while ((await planAnalyses(db, 5_000)) > 0);
  await db.query('ANALYZE')
})
afterAll(async () => {
  await db.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Retries, like a client that survives a server restart. */
async function asked<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 20 || !isTransient(error)) throw error
      await sleep(200)
    }
  }
}

const left = (): Promise<number> =>
  asked(async () => {
    const { rows } = await db.query<{ count: number }>(
      `SELECT count(*) FROM post_media WHERE ai_analysis_status <> 'completed'`,
    )
    return rows[0]!.count
  })

test(
  'workers killed, stopped and with jumping clocks, PostgreSQL restarted twice: every row once, and true logs',
  { timeout: 600_000 },
  async () => {
    const late = await claimAnalyses(db, { limit: 1, leaseSeconds: 0.05, worker: 'late' })
    const chaos = await startChaos(
      (db.pg.options as { connectionString: string }).connectionString,
      folder,
      4,
    )
    try {
      const restartsAt = [ROWS * 0.66, ROWS * 0.33]
      for (let rows = await left(); rows > 0; rows = await left()) {
        if (rows < (restartsAt[0] ?? -1)) {
          restartsAt.shift()
          await restartPostgres(join(folder, 'postgres'))
        }
        await chaos.strike()
        await sleep(STRIKE_MS)
      }
      expect(restartsAt).toEqual([])
    } finally {
      await chaos.close()
    }
    expect(
      await completeAnalyses(
        db,
        late.map((lease) => ({ ...lease, result: {} })),
      ),
    ).toEqual(['refused'])
    expect(await asked(() => expireAnalyses(db))).toBe(0)
    await expectTrueStories()
    process.stderr.write(
      `chaos: ${ROWS} rows, ${JSON.stringify({ ...chaos.mayhem(), canJump, refused: await refused() })}\n`,
    )
    if (!canJump)
      process.stderr.write('chaos: clocks did not jump: libfaketime (Debian: faketime) is not installed\n')
  },
)

async function expectTrueStories(): Promise<void> {
  // Replay each log: valid transitions, in time order, that end at the row's status.
  const rows = await shownRows(db)
  expect(rows.length).toBeGreaterThanOrEqual(ROWS)
  for (const { id, status, story } of rows) {
    expect([id, status, story.filter((entry) => entry.startsWith('completed')).length]).toEqual([
      id,
      'completed',
      1,
    ])
  }
  const {
    rows: [once],
  } = await db.query(`SELECT count(*) FILTER (WHERE a.state <> 'completed') AS undone,
    count(a.earlier_results) AS twice, count(a.analysis_lease_token) AS leased,
    count(*) FILTER (WHERE m.ai_analysis::jsonb -> 'facts' IS DISTINCT FROM a.result) AS other
    FROM mediakeep.analyses a JOIN post_media m USING (sha256_sum)`)
  expect(once).toEqual({ undone: 0, twice: 0, leased: 0, other: 0 })
  const {
    rows: [logged],
  } = await db.query<{ log: unknown }>('SELECT ai_analysis_log AS log FROM post_media LIMIT 1')
  expect(readLog(logged!.log).length).toBeGreaterThanOrEqual(2)
  expect(await refused()).toBeGreaterThanOrEqual(1)
  if (!canJump) return
  const {
    rows: [clocks],
  } = await db.query<{ wrong: number }>(`SELECT count(*) AS wrong FROM mediakeep.analyses
    WHERE abs(extract(epoch FROM (result ->> 'clock')::timestamptz - finished_at)) > 3600`)
  expect(clocks!.wrong).toBeGreaterThan(0)
}

async function refused(): Promise<number> {
  const { rows } = await db.query<{ value: number }>(
    `SELECT value FROM mediakeep.counters WHERE name = 'analysis_refused'`,
  )
  return rows[0]?.value ?? 0
}
