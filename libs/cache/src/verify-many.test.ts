import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestBytes } from '@mediakeep/checksum'
import { collisionPair, COLLISION_MD5 } from '@mediakeep/checksum/collision'
import { expect, test } from 'vitest'
import { filesIn, newCache, randomSample, sampleOf, store, type Sample } from './samples.fixture.ts'
import type { Verified } from './verify-many.ts'

function countChecks(results: readonly Verified[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { check } of results) counts[check] = (counts[check] ?? 0) + 1
  return counts
}

test('finds every damaged and missing file among many', async () => {
  const cache = await newCache()
  const samples = Array.from({ length: 300 }, (_, index) => randomSample(index * 20))
  await Promise.all(samples.map((sample) => store(cache, sample)))
  const at = (index: number): Sample => samples[index] ?? randomSample()
  await writeFile(join(cache.root, at(5).path), randomSample(100).bytes)
  await truncate(join(cache.root, at(130).path), 2599)
  await rm(join(cache.root, at(200).path))
  const results = await Array.fromAsync(cache.verifyMany(samples))
  expect(countChecks(results)).toEqual({ ok: 297, corrupt: 2, missing: 1 })
  const wrong = results.filter(({ check }) => check !== 'ok').map(({ entry }) => entry)
  expect(new Set(wrong)).toEqual(new Set([at(5), at(130), at(200)]))
  expect(await filesIn(cache, 'quarantine')).toHaveLength(2)
  expect(await filesIn(cache, 'images')).toHaveLength(297)
})

test('takes a stream of entries, and does not run ahead of its reader', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  let asked = 0
  async function* entries(): AsyncGenerator<Sample> {
    for (; asked < 100_000; asked += 1) yield await Promise.resolve(sample)
  }
  for await (const { check } of cache.verifyMany(entries(), { threads: 2 })) {
    expect(check).toBe('ok')
    break
  }
  expect(asked).toBeLessThan(1000)
})

test('trusts the SHA-256 where it is known, and the MD5 of an old row otherwise', async () => {
  const cache = await newCache()
  const [first, second] = collisionPair()
  await store(cache, sampleOf(first))
  const path = `images/${COLLISION_MD5}.jpg`
  const check = async (digests: Parameters<typeof cache.verify>[1] | { md5: string }): Promise<unknown> =>
    (await Array.fromAsync(cache.verifyMany([{ path, digests }]))).map((result) => result.check)
  expect(await check({ md5: COLLISION_MD5 })).toEqual(['ok'])
  expect(await check(digestBytes(first))).toEqual(['ok'])
  expect(await check(digestBytes(second))).toEqual(['corrupt'])
})

test('verifies all by name, whatever a database says', async () => {
  const cache = await newCache()
  const [first, second] = collisionPair()
  const samples = [
    sampleOf(first),
    sampleOf(second, `${COLLISION_MD5}-${digestBytes(second).sha256}`),
    sampleOf(first, `${COLLISION_MD5}-${digestBytes(Buffer.from('other')).sha256}`),
    sampleOf(Buffer.from('fine')),
    sampleOf(Buffer.from('not so'), digestBytes(Buffer.from('not')).md5),
  ]
  for (const sample of samples) await store(cache, sample)
  const results = await Array.fromAsync(cache.verifyAll())
  expect(
    results
      .filter(({ check }) => check === 'corrupt')
      .map(({ entry }) => entry.path)
      .sort(),
  ).toEqual([samples[2]?.path, samples[4]?.path].sort())
  expect(countChecks(results)).toEqual({ ok: 3, corrupt: 2 })
})

test('one row with an impossible path does not end the check of the others', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  await mkdir(join(cache.root, 'documents'))
  await symlink('/etc/passwd', join(cache.root, 'documents', 'link.pdf'))
  const { digests } = sample
  const paths = ['/etc/passwd', '../x.jpg', 'documents/link.pdf']
  const results = await Array.fromAsync(
    cache.verifyMany([...paths.map((path) => ({ path, digests })), sample]),
  )
  expect(countChecks(results)).toEqual({ missing: 3, ok: 1 })
})

test('ends when it is told to', async () => {
  const cache = await newCache()
  const samples = Array.from({ length: 200 }, () => randomSample(10))
  const run = Array.fromAsync(cache.verifyMany(samples, { signal: AbortSignal.abort() }))
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
})
