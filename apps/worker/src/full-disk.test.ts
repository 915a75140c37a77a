import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileArchive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import { readConfig } from '@mediakeep/config'
import type { Stage } from '@mediakeep/lease'
import { DiskFullError } from '@mediakeep/pipeline'
import { openIntake, openIsolation } from '@mediakeep/runtime'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { downloads, inspections, uploads } from './stages.ts'

const PICTURE = join(import.meta.dirname, '../../../sample/media/article.jpg')
const signal = (): AbortSignal => new AbortController().signal
const isRoot = process.getuid?.() === 0

let db: TestDatabase
let folder: string
let mounted: string | undefined
beforeEach(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-full-disk-'))
})
afterEach(async () => {
  await db.drop()
  if (mounted !== undefined) execFileSync('umount', ['-l', mounted])
  mounted = undefined
  await rm(folder, { recursive: true })
})

test.skipIf(!isRoot)('a full disk of archived files makes room for new ones by itself', async () => {
  const { drain, cache } = await open('size=2m')
  await addMedia(0, 150)
  for (let pass = 0; pass < 30 && (await waiting()) > 0; pass++) {
    await drain('download').catch((error: unknown) => expect(error).toBeInstanceOf(DiskFullError))
    await drain('inspect')
    await drain('archive')
  }
  expect(await fates()).toEqual([{ fate: 'fetched', attempts: 1, n: 150 }])
  // Everything left the cache only after it was archived.
  await drain('inspect')
  await drain('archive')
  const { rows } = await db.query<{ unarchived: number; contents: number }>(
    `SELECT count(*) AS contents, count(*) FILTER (WHERE archive_verified_at IS NULL) AS unarchived FROM mediakeep.contents`,
  )
  expect(rows[0]).toEqual({ contents: 150, unarchived: 0 })
  expect((await cache.stats()).total.files).toBeLessThan(150)
})

test.skipIf(!isRoot)(
  'a full disk of files that are nowhere else pauses, loses nothing and costs no attempt',
  async () => {
    const { drain, cache, filler } = await open('size=2m')
    await addMedia(0, 20)
    await drain('download')
    await drain('inspect')
    await writeFile(filler, Buffer.alloc(3 * 1024 ** 2)).catch(() => undefined)
    await addMedia(20, 5)
    const failure = await drain('download').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DiskFullError)
    expect(String(failure)).toContain('the archive does not hold the 20 other cached files')
    expect(await fates()).toEqual([
      { fate: 'fetched', attempts: 1, n: 20 },
      { fate: 'waiting', attempts: 0, n: 5 },
    ])
    expect((await cache.stats()).total.files).toBe(20)
    await drain('archive')
    await drain('download')
    expect(await fates()).toEqual([{ fate: 'fetched', attempts: 1, n: 25 }])
  },
)

async function open(options: string): Promise<{
  drain(stage: 'download' | 'inspect' | 'archive'): Promise<unknown>
  cache: FileCache
  filler: string
}> {
  const disk = join(folder, 'cache')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk])
  mounted = disk
  const config = readConfig({ MEDIAKEEP_HOME: folder, DOWNLOAD_ALLOW_HOSTS: await startOrigin() })
  const cache = await openCache(disk, { create: true })
  const intake = openIntake(config, { cache, isolation: await openIsolation(config, cache) })
  onTestFinished(() => intake.close())
  const archive = await openFileArchive(join(folder, 'archive'))
  const log = pino({ level: 'silent' })
  const analysis: Stage = { name: 'analyse', drain: () => Promise.resolve({ done: 0, failed: 0 }) }
  const parts = { ...intake, db, cache, archive, config, formats: [], log }
  const stages = { download: downloads, inspect: inspections, archive: uploads }
  return {
    cache,
    filler: join(disk, 'other-program.data'),
    drain: (name) => stages[name]({ ...parts, analysis: analysis as never }).drain(signal()),
  }
}

let host = ''
async function startOrigin(): Promise<string> {
  const picture = await readFile(PICTURE)
  const server = createServer((request, response) => {
    const comment = Buffer.from(request.url ?? '')
    const segment = Buffer.from([0xff, 0xfe, 0, comment.byteLength + 2])
    const body = Buffer.concat([picture.subarray(0, 2), segment, comment, picture.subarray(2)])
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.byteLength }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return host
}

async function addMedia(first: number, count: number): Promise<void> {
  await db.query(
    `WITH n AS (SELECT lpad(n::text, 4, '0') AS n FROM generate_series($1::int, $1 + $2 - 1) n),
     added AS (INSERT INTO posts (post_id, urn, posted_at_timestamp) SELECT 'p-' || n, 'urn-' || n, 0 FROM n)
     INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, source_host)
     SELECT 'med-' || n, 'p-' || n, 'image', 'http://' || $3 || '/' || n || '.jpg', n, $3 FROM n`,
    [first, count, host],
  )
}

async function fates(): Promise<unknown[]> {
  const { rows } = await db.query(
    `SELECT fate, download_attempts AS attempts, count(*) AS n FROM post_media GROUP BY 1, 2 ORDER BY 1, 2`,
  )
  return rows
}

async function waiting(): Promise<number> {
  return (await db.query(`SELECT FROM post_media WHERE fate = 'waiting'`)).rowCount
}
