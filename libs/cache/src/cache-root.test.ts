import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestBytes } from '@mediakeep/checksum'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openCache } from './file-cache.ts'
import { mayMount } from './mount.fixture.ts'
import { filesIn, randomSample, store, temporaryFolder } from './samples.fixture.ts'

const UNAVAILABLE = { name: 'CacheUnavailableError', code: 'cache_unavailable' }

test('makes a new cache only when told to, and knows it again', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b')
  await expect(openCache(folder)).rejects.toMatchObject(UNAVAILABLE)
  const made = await openCache(folder, { create: true })
  expect(made.id).toMatch(/^[0-9a-f-]{36}$/)
  expect((await openCache(folder)).id).toBe(made.id)
  expect((await openCache(folder, { create: true })).id).toBe(made.id)
  expect((await openCache(folder, { expectId: made.id })).id).toBe(made.id)
})

test('gives several that open a new cache at once the same id', async () => {
  const folder = await temporaryFolder()
  const caches = await Promise.all(Array.from({ length: 8 }, () => openCache(folder, { create: true })))
  expect(new Set(caches.map(({ id }) => id)).size).toBe(1)
  expect(await readdir(folder)).toEqual(['.mediakeep-cache'])
})

test('refuses an empty folder where a cache was, though it may create', async () => {
  const folder = await temporaryFolder()
  const expectId = '0198c0de-0000-7000-8000-000000000000'
  await expect(openCache(folder, { create: true, expectId })).rejects.toMatchObject(UNAVAILABLE)
  expect(await readdir(folder)).toEqual([])
  await openCache(folder, { create: true })
  await expect(openCache(folder, { expectId })).rejects.toMatchObject(UNAVAILABLE)
  await expect(openCache(join(folder, 'none'), { create: true, expectId })).rejects.toMatchObject(UNAVAILABLE)
})

test('refuses a marker that holds no id', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, '.mediakeep-cache'), '')
  await expect(openCache(folder, { create: true })).rejects.toMatchObject(UNAVAILABLE)
})

test('takes the cache of an older tool as it stands', async () => {
  const folder = await temporaryFolder()
  const bytes = Buffer.from('an old picture')
  const { md5, ...digests } = digestBytes(bytes)
  await mkdir(join(folder, 'images'))
  await writeFile(join(folder, 'images', `${md5}.jpeg`), bytes)
  await writeFile(join(folder, 'images', '.DS_Store'), 'not a content')
  await writeFile(join(folder, 'images', 'notes.txt'), 'not a content')
  const cache = await openCache(folder)
  expect((await Array.fromAsync(cache.list())).map(({ path }) => path)).toEqual([`images/${md5}.jpeg`])
  expect(await cache.verify(`images/${md5}.jpeg`, { md5, ...digests })).toBe('ok')
  const checks = await Array.fromAsync(cache.verifyAll())
  expect(checks.map(({ check }) => check)).toEqual(['ok'])
  expect(await readFile(join(folder, 'images', 'notes.txt'), 'utf8')).toBe('not a content')
})

test.skipIf(!mayMount())('notices that its disk was unmounted, and that another was mounted', async () => {
  const folder = await temporaryFolder()
  const mount = (): unknown => execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  const unmount = (): unknown => execFileSync('umount', [folder])
  mount()
  const cache = await openCache(folder, { create: true })
  const sample = randomSample()
  await store(cache, sample)
  unmount()
  await expect(cache.size(sample.path)).rejects.toMatchObject(UNAVAILABLE)
  await sleep(250)
  await expect(store(cache, sample)).rejects.toMatchObject(UNAVAILABLE)
  await expect(openCache(folder, { create: true, expectId: cache.id })).rejects.toMatchObject(UNAVAILABLE)
  expect(await filesIn(cache)).toEqual([])
  mount()
  onTestFinished(async () => {
    unmount()
    await rm(folder, { recursive: true })
  })
  await openCache(folder, { create: true })
  await expect(cache.size(sample.path)).rejects.toMatchObject(UNAVAILABLE)
})
