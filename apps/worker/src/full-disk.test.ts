import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiskFullError } from '@mediakeep/pipeline'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPipeline, type Pipeline } from './pipeline.fixture.ts'

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
  const { drain, cache, addMedia } = await open('size=2m')
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
    const { drain, cache, filler, addMedia } = await open('size=2m')
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

async function open(options: string): Promise<Pipeline & { readonly filler: string }> {
  const disk = join(folder, 'cache')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk])
  mounted = disk
  return { ...(await openPipeline(db, folder)), filler: join(disk, 'other-program.data') }
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
