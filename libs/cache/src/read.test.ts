import { mkdir, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newCache, randomSample, store } from './samples.fixture.ts'

test('the start of a file is read, or all it has, and that is no use of it', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  const long = new Date('2001-02-03T04:05:06Z')
  await utimes(join(cache.root, sample.path), long, long)
  const { length } = sample.bytes
  expect(await cache.read(sample.path, 10)).toEqual(sample.bytes.subarray(0, 10))
  expect(await cache.read(sample.path, length + 1)).toEqual(sample.bytes)
  const [listed] = await Array.fromAsync(cache.list())
  expect(listed?.lastUsedAt).toEqual(long)
})

test('what is no file of the cache is not read', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await expect(cache.read(sample.path, 1)).rejects.toMatchObject({ name: 'CacheMissError' })
  await mkdir(join(cache.root, sample.path), { recursive: true })
  await expect(cache.read(sample.path, 1)).rejects.toMatchObject({ name: 'CacheMissError' })
  const link = randomSample()
  await symlink('/etc/passwd', join(cache.root, link.path))
  await expect(cache.read(link.path, 1)).rejects.toMatchObject({ name: 'CachePathError' })
})
