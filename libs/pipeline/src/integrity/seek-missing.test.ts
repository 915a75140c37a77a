import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type FileCache, openCache } from '@mediakeep/cache'
import { setCacheAbsence } from '@mediakeep/media'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Keeping, openKeeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, seed, type Seeded } from '../seed.fixture.ts'
import { cacheHeartbeat } from './cache-heartbeat.ts'
import { verifyMedia } from './verify-media.ts'
import { seekMissing } from './seek-missing.ts'

let keeping: Keeping
let folder: string
let other: FileCache
beforeAll(async () => {
  keeping = await openKeeping('file')
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-seek-'))
  other = await openCache(folder, { create: true })
})
beforeEach(() => keeping.empty())
afterAll(async () => {
  await keeping.close()
  await rm(folder, { recursive: true, force: true })
})

async function see(cache: FileCache, absentAfterSeconds?: number): Promise<void> {
  const sighting = { id: cache.id, host: 'tower', folder: cache.root, absentAfterSeconds }
  await cacheHeartbeat(keeping.db, sighting).drain(new AbortController().signal)
}

const seek = (): ReturnType<typeof seekMissing> => seekMissing(keeping, { contents: 10 })

/** A content whose only file was lost, and whose source is gone. */
async function lost(): Promise<Seeded> {
  const one = await seed(keeping)
  await keeping.cache.remove(one.path)
  await see(keeping.cache)
  await verifyMedia(keeping, one.mediaIds, { depth: 'head' })
  await keeping.db.query(`UPDATE public.post_media SET fate = 'gone'`)
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
    missing_from: [keeping.cache.id],
    archive_not_before: null,
  })
  return one
}

async function put(cache: FileCache, one: Seeded): Promise<void> {
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, one.bytes)
  await cache.put(temporary, one.path, one.content)
}

async function expectArchived(one: Seeded): Promise<void> {
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({
    fate: 'fetched',
    archive_url: keeping.archive.urlOf(one.key),
  })
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({ missing_from: [] })
}

test('a file that is back in a cache which lacked it is archived, though its source is gone', async () => {
  const one = await lost()
  expect(await seek()).toEqual({ here: 0, archived: 0, asked: 0, nowhere: 1 })
  await put(keeping.cache, one)
  expect(await seek()).toEqual({ here: 1, archived: 0, asked: 0, nowhere: 0 })
  await archiveAll(keeping)
  await expectArchived(one)
  expect(await seek()).toEqual({ here: 0, archived: 0, asked: 0, nowhere: 0 })
})

test('a damaged file that is back is not taken', async () => {
  const one = await lost()
  await put(keeping.cache, one)
  await writeFile(join(keeping.cache.root, one.path), Buffer.alloc(one.bytes.length))
  expect(await seek()).toMatchObject({ here: 0, nowhere: 1 })
})

test('an object that the archive shows again is linked', async () => {
  const one = await lost()
  const { key, content, bytes } = one
  const open = (): Promise<Readable> => Promise.resolve(Readable.from([bytes]))
  await keeping.archive.put({ key, digests: content, mimeType: 'image/jpeg', open })
  expect(await seek()).toMatchObject({ archived: 1 })
  await expectArchived(one)
})

test('a cache that was absent when it was sought is asked once it is back', async () => {
  const one = await lost()
  await put(other, one)
  await see(other)
  expect(await seek()).toMatchObject({ asked: 1 })
  // It has its turn, and is not asked twice.
  expect(await seek()).toEqual({ here: 0, archived: 0, asked: 0, nowhere: 0 })
  await archiveAll({ ...keeping, cache: other })
  await expectArchived(one)
})

test('the time that a cache may be silent is set for all machines', async () => {
  const one = await lost()
  await put(other, one)
  await see(other, 600)
  await keeping.db.query(`UPDATE mediakeep.caches SET last_seen_at = now() - interval '15 minutes'`)
  expect(await seek()).toMatchObject({ asked: 0 })
  await setCacheAbsence(keeping.db, 3600)
  expect(await seek()).toMatchObject({ asked: 1 })
})
