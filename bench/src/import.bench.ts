import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createImportRun, runImport } from '@mediakeep/import'
import { sourceFormats } from '@mediakeep/sources'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { clock, compareRates, type Finding } from './compare.ts'
import { runChild } from './child.ts'
import { withDatabases, type BenchDatabase, type Databases } from './databases.ts'
import { writePosts } from './import-posts.ts'

const POSTS = 20_000
const BYTES = 500_000_000
const TABLES = ['posts', 'data_downloads', 'post_media'] as const

interface MemoryReport {
  readonly seconds: number
  readonly peakBytes: number
}

/** Compares rows per second with COPY of the same rows, and measures the memory that a large file takes. */
export async function benchImport(): Promise<Finding[]> {
  return await withDatabases(async (databases) => {
    const path = join(databases.folder, 'posts.json')
    await writePosts(path, { posts: POSTS })
    let imported: BenchDatabase
    const comparisons = await compareRates({
      name: `import of ${POSTS.toLocaleString('en-US')} posts`,
      unit: 'rows/s',
      references: [{ against: 'raw COPY of the same rows', aim: 0.5 }],
      rates: [
        async () => {
          imported = await databases.fresh('imported')
          const seconds = await clock(() => importFile(imported, path))
          return (await countRows(imported)) / seconds
        },
        async () => {
          const rows = await readRows(imported)
          const copied = await databases.fresh('copied')
          await copyRuns(imported, copied)
          const seconds = await clock(() => copyRows(copied, rows))
          return (await countRows(copied)) / seconds
        },
      ],
    })
    return [...comparisons, ...(await memoryOfLarge(databases))]
  })
}

async function importFile(database: BenchDatabase, path: string): Promise<void> {
  const runId = await createImportRun(database, { files: [path], machine: 'bench' })
  const { status } = await runImport(database, { runId, formats: sourceFormats })
  if (status !== 'completed') throw new Error(`The import ended as ${status}`)
}

/** Copies the runs that the rows refer to. */
async function copyRuns(from: BenchDatabase, to: BenchDatabase): Promise<void> {
  const { rows } = await from.query<{ run_id: string }>('SELECT run_id FROM download_runs')
  await to.query('INSERT INTO download_runs (run_id, started_at) SELECT unnest($1::text[]), now()', [
    rows.map((row) => row.run_id),
  ])
}

async function copyRows(database: BenchDatabase, rows: ReadonlyMap<string, Buffer[]>): Promise<void> {
  await withConnection(database, async (client) => {
    for (const [table, chunks] of rows)
      await pipeline(Readable.from(chunks), client.query(copyFrom(`COPY ${table} FROM STDIN`)))
  })
}

/** Returns the rows in COPY's own text format, ready in memory. */
async function readRows(database: BenchDatabase): Promise<Map<string, Buffer[]>> {
  const rows = new Map<string, Buffer[]>()
  await withConnection(database, async (client) => {
    for (const table of TABLES) {
      const bytes = await client.query(copyTo(`COPY ${table} TO STDOUT`)).toArray()
      rows.set(table, inChunks(Buffer.concat(bytes as Buffer[]), 64 * 1024))
    }
  })
  return rows
}

/** Opens its own connection: the pool's send queries without waiting, which COPY does not support. */
async function withConnection(
  { url }: BenchDatabase,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function inChunks(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
}

async function countRows(database: BenchDatabase): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')} AS count`,
  )
  return rows[0]!.count
}

async function memoryOfLarge(databases: Databases): Promise<Finding[]> {
  const path = join(databases.folder, 'large.json')
  const posts = await writePosts(path, { bytes: BYTES })
  const { size } = await stat(path)
  const { url } = await databases.fresh('large')
  const { seconds, peakBytes } = await runChild<MemoryReport>(import.meta.resolve('./import-process.ts'), [
    url,
    path,
  ])
  const name = `import of ${(size / 1e6).toFixed(0)} MB (${posts.toLocaleString('en-US')} posts)`
  return [
    `${name}: ${(size / 1e6 / seconds).toFixed(1)} MB/s, once`,
    { name: `${name}, peak memory`, unit: 'MB', value: peakBytes / 1e6, atMost: 300 },
  ]
}
