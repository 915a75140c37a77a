import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CachePathError } from '@mediakeep/content'
import { expect, test } from 'vitest'
import { filesIn, newCache, randomSample, store } from './samples.fixture.ts'

const nameOf = (sha256: string): string => `${sha256}.jpg`

test('a file moves into quarantine and back, and is in one place at any time', async () => {
  const cache = await newCache()
  const sample = randomSample()
  const name = nameOf(sample.digests.sha256)
  await store(cache, sample)
  expect(await cache.quarantine.keep(sample.path, name)).toBe('moved')
  expect(await filesIn(cache)).toEqual([`quarantine/${name}`])
  expect(await cache.quarantine.keep(sample.path, name)).toBe('present')
  expect(await Array.fromAsync(cache.quarantine.list())).toEqual([name])
  expect(await cache.quarantine.release(name, sample.path)).toBe('moved')
  expect(await filesIn(cache)).toEqual([sample.path])
  expect(await cache.quarantine.release(name, sample.path)).toBe('present')
  expect(await readFile(join(cache.root, sample.path))).toEqual(sample.bytes)
})

test('what is in neither place is missing; what the cache has again is not replaced', async () => {
  const cache = await newCache()
  const sample = randomSample()
  const name = nameOf(sample.digests.sha256)
  expect(await cache.quarantine.keep(sample.path, name)).toBe('missing')
  expect(await cache.quarantine.release(name, sample.path)).toBe('missing')
  await store(cache, sample)
  await cache.quarantine.keep(sample.path, name)
  await store(cache, sample)
  expect(await cache.quarantine.release(name, sample.path)).toBe('present')
  expect(await filesIn(cache)).toEqual([sample.path])
})

test('a temporary file is taken over; names lead nowhere else', async () => {
  const cache = await newCache()
  const { bytes, digests } = randomSample()
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, bytes)
  await cache.quarantine.keepTemporary(temporary, `${digests.sha256}.bin`)
  expect(await filesIn(cache)).toEqual([`quarantine/${digests.sha256}.bin`])
  await expect(cache.quarantine.release(`${digests.sha256}.bin`, '../x.jpg')).rejects.toThrow(CachePathError)
  for (const name of ['../x', 'a.jpg', `${digests.sha256}.jpg/../x`]) {
    await expect(cache.quarantine.keep('images/a.jpg', name)).rejects.toThrow(CachePathError)
  }
  await cache.quarantine.remove(`${digests.sha256}.bin`)
  expect(await filesIn(cache)).toEqual([])
})
