import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FileCache } from './file-cache.ts'
import { filesIn, newCache, randomSample, store, type Sample } from './samples.fixture.ts'

const all = (paths: readonly string[]): Promise<Set<string>> => Promise.resolve(new Set(paths))

/** Ten files of 1,000 bytes; the first was used longest ago. */
async function filled(): Promise<{ cache: FileCache; samples: Sample[] }> {
  const cache = await newCache()
  const samples = Array.from({ length: 10 }, () => randomSample(1000))
  for (const [index, sample] of samples.entries()) {
    await store(cache, sample)
    const time = Date.now() / 1000 - (20 - index) * 3600
    await utimes(join(cache.root, sample.path), time, time)
  }
  return { cache, samples }
}

const pathsOf = (samples: readonly Sample[]): string[] => samples.map(({ path }) => path)

test('removes what was not used for longest, and no more than it must', async () => {
  const { cache, samples } = await filled()
  expect(await cache.evict({ maxBytes: 10_000, mayRemove: all })).toMatchObject({ removed: [] })
  await cache.locate(samples[0]?.path ?? '')
  expect(await cache.evict({ maxBytes: 7500, mayRemove: all })).toEqual({
    removed: pathsOf(samples.slice(1, 4)),
    freedBytes: 3000,
    remainingBytes: 7000,
    refused: 0,
  })
  expect((await cache.stats()).total).toEqual({ files: 7, byteSize: 7000 })
})

test('frees as many bytes or files as the disk needs, even within the limit', async () => {
  const { cache, samples } = await filled()
  const needed = { maxBytes: Infinity, mayRemove: all }
  expect((await cache.evict({ ...needed, freeBytes: 1500 })).removed).toEqual(pathsOf(samples.slice(0, 2)))
  expect((await cache.evict({ ...needed, freeFiles: 3 })).removed).toEqual(pathsOf(samples.slice(2, 5)))
  const { freeBytes, totalBytes, freeFiles } = await cache.space()
  expect(freeBytes).toBeGreaterThan(0)
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes)
  expect(freeFiles).toBeGreaterThan(0)
})

test('reports each batch as soon as it is gone: an eviction that ends early has reported what it removed', async () => {
  const cache = await newCache()
  for (let n = 0; n < 201; n++) await store(cache, randomSample(10))
  const reported: string[] = []
  const eviction = cache.evict({
    maxBytes: 0,
    mayRemove: (paths) =>
      reported.length > 0 ? Promise.reject(new Error('the archive is away')) : all(paths),
    onRemoved: (paths) => Promise.resolve(void reported.push(...paths)),
  })
  await expect(eviction).rejects.toThrow('the archive is away')
  expect(reported).toHaveLength(200)
  const dry: string[] = []
  await cache.evict({
    maxBytes: 0,
    mayRemove: all,
    dryRun: true,
    onRemoved: (paths) => Promise.resolve(void dry.push(...paths)),
  })
  expect(dry).toEqual([])
})

test('spares what the archive does not hold', async () => {
  const { cache, samples } = await filled()
  const archived = new Set(pathsOf(samples.filter((_, index) => index % 2 === 1)))
  const mayRemove = (paths: readonly string[]): Promise<Set<string>> =>
    Promise.resolve(new Set(paths.filter((path) => archived.has(path))))
  expect(await cache.evict({ maxBytes: 0, mayRemove })).toMatchObject({
    removed: [...archived],
    remainingBytes: 5000,
    refused: 5,
  })
  expect((await filesIn(cache)).sort()).toEqual(pathsOf(samples.filter((_, index) => index % 2 === 0)).sort())
})

test('removes nothing when it cannot ask', async () => {
  const { cache } = await filled()
  const mayRemove = (): Promise<Set<string>> => Promise.reject(new Error('no database'))
  await expect(cache.evict({ maxBytes: 0, mayRemove })).rejects.toThrow('no database')
  expect(await filesIn(cache)).toHaveLength(10)
})

test('says in a dry run what would go', async () => {
  const { cache, samples } = await filled()
  expect(await cache.evict({ maxBytes: 8000, mayRemove: all, dryRun: true })).toMatchObject({
    removed: pathsOf(samples.slice(0, 2)),
    remainingBytes: 8000,
  })
  expect(await filesIn(cache)).toHaveLength(10)
})

test('keeps a file that was used while it asked', async () => {
  const { cache, samples } = await filled()
  const mayRemove = async (paths: readonly string[]): Promise<Set<string>> => {
    await cache.locate(samples[0]?.path ?? '')
    return await all(paths)
  }
  expect((await cache.evict({ maxBytes: 9000, mayRemove })).removed).toEqual(pathsOf(samples.slice(1, 2)))
})

test('removes thumbnails before contents, and counts both', async () => {
  const { cache } = await filled()
  await cache.derived.write('a-320.webp', Buffer.alloc(500))
  expect(await cache.stats()).toEqual({
    images: { files: 10, byteSize: 10_000 },
    videos: { files: 0, byteSize: 0 },
    audio: { files: 0, byteSize: 0 },
    documents: { files: 0, byteSize: 0 },
    thumbnails: { files: 1, byteSize: 500 },
    quarantine: { files: 0, byteSize: 0 },
    total: { files: 11, byteSize: 10_500 },
  })
  const mayRemove = (): Promise<Set<string>> => Promise.resolve(new Set())
  expect(await cache.evict({ maxBytes: 10_000, mayRemove })).toMatchObject({
    removed: ['thumbnails/a-320.webp'],
    refused: 0,
  })
})
