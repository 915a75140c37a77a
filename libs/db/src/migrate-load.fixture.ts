import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool, workerSession, type Pool } from '@mediakeep/postgres'
import { migrateDatabase } from './migrate-database.ts'
import { BASE } from './migrate-installation.fixture.ts'

export interface LoadOptions {
  /** URL of an empty database. */
  readonly url: string
  /** Number of rows in post_media. */
  readonly rows: number
  /** Milliseconds that one reader keeps its transaction open, starting before the first migration. */
  readonly readerMs: number
  readonly log?: (line: string) => void
}

export interface LoadReport {
  readonly seconds: number
  readonly statements: number
  readonly failed: readonly string[]
  /** Duration of the slowest statement of each kind, in milliseconds. */
  readonly slowest: Readonly<Record<string, number>>
  readonly p99: number
  /** Longest observed lock wait of any statement except the migrator's, in milliseconds. */
  readonly longestLockWait: number
  /** Number of writes that were acknowledged but are not in the table. */
  readonly lost: number
}

const PAUSE_MS = 40

/** Migrates a filled section 1 to the newest version under concurrent reads and writes, and measures them. */
export async function migrateUnderLoad(options: LoadOptions): Promise<LoadReport> {
  const { url, rows, readerMs, log = () => {} } = options
  const pool = openPool(url, { max: 14, session: { ...workerSession, applicationName: 'load' } })
  try {
    const started = performance.now()
    await fill(pool, rows)
    log(`filled ${rows} rows in ${seconds(started)} s`)
    const load = startLoad(pool, rows)
    const reader = holdReader(pool, readerMs)
    await sleep(1000)
    const before = performance.now()
    const migrated = migrateDatabase(url, { log: (line) => log(`${seconds(before)} s: ${line}`) })
    // Even if migrating fails, stop the readers and writers first.
    const took = await migrated.then(
      () => seconds(before),
      () => 0,
    )
    await reader
    const measured = await load.stop()
    await migrated
    return { seconds: took, ...measured, lost: await countLost(pool, load) }
  } finally {
    await pool.close()
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10

async function fill(pool: Pool, rows: number): Promise<void> {
  await pool.pg.query(BASE)
  await pool.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp)
     SELECT 'p-' || n, 'urn:' || n, 1733000000000 + n FROM generate_series(0, $1::int / 100) n`,
    [rows],
  )
  for (let from = 0; from < rows; from += 500_000) {
    // Every ten-thousandth row repeats the picture of the row before it.
    await pool.query(
      `INSERT INTO post_media (media_id, post_id, media_type, media_url, file_size, width, ai_analysis_status)
       SELECT 'med-' || n, 'p-' || n / 100, 'image',
         'https://media.example/' || CASE WHEN n % 10000 = 9999 THEN n - 1 ELSE n END || '.jpg', n, 0,
         (ARRAY['pending', 'completed', 'failed'])[1 + n % 3]
       FROM generate_series($1::int, $2::int) n`,
      [from, Math.min(rows, from + 500_000) - 1],
    )
  }
  await pool.query('VACUUM ANALYZE post_media')
}

/** Holds a transaction that has read the table open. */
async function holdReader(pool: Pool, milliseconds: number): Promise<void> {
  await pool.transaction(async (sql) => {
    await sql.query('SELECT media_id FROM post_media LIMIT 1')
    await sleep(milliseconds)
  })
}

interface Load {
  readonly increments: Map<string, number>
  readonly inserted: string[]
  stop(): Promise<Omit<LoadReport, 'seconds' | 'lost'>>
}

function startLoad(pool: Pool, rows: number): Load {
  const increments = new Map<string, number>()
  const inserted: string[] = []
  const times: [kind: string, ms: number][] = []
  const failed: string[] = []
  let running = true
  let longestLockWait = 0
  const random = (): number => Math.floor(Math.random() * rows)
  /** Picks a row that is not merged away: writes to those would end up in their survivor. */
  const single = (): string => {
    const n = random()
    return `med-${n % 10_000 >= 9_998 ? n - 2 : n}`
  }
  const measure = async (kind: string, text: string, values: unknown[]): Promise<number> => {
    const start = performance.now()
    try {
      return (await pool.query(text, values)).rowCount
    } catch (error) {
      failed.push(`${kind}: ${(error as Error).message}`)
      return 0
    } finally {
      times.push([kind, performance.now() - start])
    }
  }
  const loop = async (work: () => Promise<unknown>): Promise<void> => {
    while (running) {
      await work()
      await sleep(PAUSE_MS)
    }
  }
  const update = async (): Promise<void> => {
    const id = single()
    const text = 'UPDATE post_media SET width = width + 1, updated_at = now() WHERE media_id = $1'
    if ((await measure('update', text, [id])) === 1) increments.set(id, (increments.get(id) ?? 0) + 1)
  }
  const insert = async (): Promise<void> => {
    const id = `med-new-${inserted.length}-${random()}`
    const text = `INSERT INTO post_media (media_id, post_id, media_type, media_url, ai_analysis_status)
      VALUES ($1, 'p-1', 'image', $2, 'pending')`
    if ((await measure('insert', text, [id, `https://media.example/${id}`])) === 1) inserted.push(id)
  }
  const watch = async (): Promise<void> => {
    const { rows: waits } = await pool.query<{ ms: number }>(
      `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000), 0)::float AS ms
       FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.application_name = 'load'`,
    )
    longestLockWait = Math.max(longestLockWait, Math.round(waits[0]!.ms))
  }
  const loops = [
    loop(() => measure('read a row', 'SELECT * FROM post_media WHERE media_id = $1', [single()])),
    loop(() =>
      measure('read a post', 'SELECT * FROM post_media WHERE post_id = $1', [`p-${random() % 100}`]),
    ),
    loop(update),
    loop(update),
    loop(insert),
    loop(watch),
  ]
  return {
    increments,
    inserted,
    stop: async () => {
      running = false
      await Promise.all(loops)
      const sorted = times.map(([, ms]) => ms).sort((one, other) => one - other)
      const kinds = Map.groupBy(times, ([kind]) => kind)
      const slowest = [...kinds].map(([kind, all]) => [
        kind,
        Math.round(Math.max(...all.map(([, ms]) => ms))),
      ])
      return {
        statements: times.length,
        failed,
        slowest: Object.fromEntries(slowest) as Record<string, number>,
        p99: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
        longestLockWait,
      }
    },
  }
}

async function countLost(pool: Pool, { increments, inserted }: Load): Promise<number> {
  const { rows } = await pool.query<{ lost: number }>(
    `SELECT (SELECT count(*) FROM unnest($1::text[], $2::int[]) w (id, n)
       LEFT JOIN post_media m ON m.media_id = w.id WHERE m.width IS DISTINCT FROM w.n)
     + (SELECT count(*) FROM unnest($3::text[]) w (id) LEFT JOIN post_media m ON m.media_id = w.id
       WHERE m.media_id IS NULL) AS lost`,
    [[...increments.keys()], [...increments.values()], inserted],
  )
  return rows[0]!.lost
}
