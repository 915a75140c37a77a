import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { digestBytes } from '@mediakeep/checksum'
import { collisionPair, COLLISION_MD5 } from '@mediakeep/checksum/collision'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { filesIn, newCache, randomSample, sampleOf, store, temporaryFolder } from './samples.fixture.ts'

test('gives back what was put, whole and in part', async () => {
  const cache = await newCache()
  const sample = randomSample(100_000)
  expect(await store(cache, sample)).toBe('stored')
  expect(await buffer(await cache.open(sample.path))).toEqual(sample.bytes)
  expect(await buffer(await cache.open(sample.path, { start: 10, end: 19 }))).toEqual(
    sample.bytes.subarray(10, 20),
  )
  expect(await buffer(await cache.open(sample.path, { start: 99_000 }))).toEqual(
    sample.bytes.subarray(99_000),
  )
  expect(await readFile(await cache.locate(sample.path))).toEqual(sample.bytes)
  expect(await cache.size(sample.path)).toBe(100_000)
  expect(await cache.digest(sample.path)).toEqual(sample.digests)
  expect(await cache.verify(sample.path, sample.digests)).toBe('ok')
})

test('tells what is missing, and removes twice without complaint', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  await cache.remove(sample.path)
  await cache.remove(sample.path)
  expect(await cache.size(sample.path)).toBeUndefined()
  expect(await cache.verify(sample.path, sample.digests)).toBe('missing')
  for (const read of [cache.open, cache.locate, cache.digest]) {
    await expect(read(sample.path)).rejects.toMatchObject({ name: 'CacheMissError', code: 'cache_miss' })
  }
})

test('stores the same bytes once', async () => {
  const cache = await newCache()
  const sample = randomSample()
  expect(await store(cache, sample)).toBe('stored')
  expect(await store(cache, sample)).toBe('present')
  expect(await filesIn(cache)).toEqual([sample.path])
})

test('keeps two contents with one MD5 apart', async () => {
  const cache = await newCache()
  const [one, two] = collisionPair()
  const first = sampleOf(one)
  const second = sampleOf(two, `${COLLISION_MD5}-${digestBytes(two).sha256}`)
  expect([await store(cache, first), await store(cache, second)]).toEqual(['stored', 'stored'])
  for (const sample of [first, second]) {
    expect(await cache.verify(sample.path, sample.digests)).toBe('ok')
    expect(await buffer(await cache.open(sample.path))).toEqual(sample.bytes)
  }
  // The plain name does not match the second content, though its MD5 does.
  expect(await cache.verify(first.path, second.digests)).toBe('corrupt')
})

test('finds a flipped byte, moves the file to quarantine, and takes the good one again', async () => {
  const cache = await newCache()
  const sample = randomSample(10_000)
  await store(cache, sample)
  const damaged = Buffer.from(sample.bytes)
  damaged.writeUInt8(damaged.readUInt8(5000) ^ 1, 5000)
  await writeFile(join(cache.root, sample.path), damaged)
  expect(await cache.verify(sample.path, sample.digests)).toBe('corrupt')
  const [quarantined = ''] = await filesIn(cache)
  expect(quarantined).toMatch(/^quarantine\/\d{8}T\d{6}Z-[0-9a-f]{8}-[0-9a-f]{32}\.jpg$/)
  expect(await readFile(join(cache.root, quarantined))).toEqual(damaged)
  expect(await store(cache, sample)).toBe('stored')
  expect(await cache.purgeQuarantine(60_000, (names) => Promise.resolve(new Set(names)))).toBe(0)
  expect(await cache.purgeQuarantine(-60_000, (names) => Promise.resolve(new Set(names)))).toBe(1)
  expect(await filesIn(cache)).toEqual([sample.path])
})

test.each([10_000, 9_999])(
  'replaces wrong bytes under the name of what is put (%i bytes)',
  async (byteSize) => {
    const cache = await newCache()
    const sample = randomSample(10_000)
    await mkdir(join(cache.root, 'images'))
    await writeFile(join(cache.root, sample.path), randomBytes(byteSize))
    expect(await store(cache, sample)).toBe('stored')
    expect(await readFile(join(cache.root, sample.path))).toEqual(sample.bytes)
    expect(await filesIn(cache, 'quarantine')).toHaveLength(1)
  },
)

test('refuses a temporary file that is shorter than what was hashed', async () => {
  const cache = await newCache()
  const sample = randomSample()
  const put = store(cache, { ...sample, bytes: sample.bytes.subarray(1) })
  await expect(put).rejects.toMatchObject({ name: 'CacheWriteError', code: 'size_mismatch' })
  expect(await filesIn(cache)).toEqual([])
})

test('never leads out of the root', async () => {
  const cache = await newCache()
  const outside = await temporaryFolder()
  await writeFile(join(outside, 'secret.txt'), 'secret')
  await symlink(outside, join(cache.root, 'videos'))
  await mkdir(join(cache.root, 'images'))
  await symlink(join(outside, 'secret.txt'), join(cache.root, 'images', 'link.jpg'))
  const paths = [
    ...['../secret.txt', 'images/../../secret.txt', `${outside}/secret.txt`, '/etc/passwd', 'images', ''],
    ...['images//x.jpg', 'images/./x.jpg', 'images\\..\\x.jpg', 'images/x\0.jpg', '.mediakeep-cache'],
    ...['images/.hidden', 'tmp/x/y', 'quarantine/x.jpg', 'thumbnails/x.webp', 'videos/secret.txt'],
  ]
  for (const path of [...paths, 'images/link.jpg']) {
    for (const read of [cache.open, cache.locate, cache.digest]) {
      await expect(read(path), path).rejects.toMatchObject({ code: 'cache_path' })
    }
  }
  for (const path of paths) {
    await expect(cache.size(path), path).rejects.toMatchObject({ code: 'cache_path' })
    await expect(cache.remove(path), path).rejects.toMatchObject({ code: 'cache_path' })
  }
  const sample = randomSample()
  for (const path of [
    ...paths,
    'images/name.jpg',
    `other/${sample.digests.md5}.jpg`,
    `${sample.path}.exe.js`,
  ]) {
    await expect(store(cache, { ...sample, path }), path).rejects.toMatchObject({ code: 'cache_path' })
  }
  await expect(
    store(cache, { ...sample, path: sample.path.replace('images', 'videos') }),
  ).rejects.toMatchObject({ code: 'cache_path' })
  expect(await filesIn(cache)).toEqual([])
})

test('refuses any path with a segment that moves up', async () => {
  const cache = await newCache()
  const segment = fc.oneof(fc.constantFrom('..', '.', '', 'images'), fc.string({ maxLength: 8 }))
  await fc.assert(
    fc.asyncProperty(fc.array(segment), fc.array(segment), async (before, after) => {
      const path = [...before, '..', ...after].join('/')
      await expect(cache.size(path)).rejects.toMatchObject({ code: 'cache_path' })
    }),
    { numRuns: 200 },
  )
})

test('reads what an older tool named in its own way', async () => {
  const cache = await newCache()
  await mkdir(join(cache.root, 'cache/images'), { recursive: true })
  await writeFile(join(cache.root, 'cache/images/d41d8cd98f00b204e9800998ecf8427e.jpeg'), 'old')
  expect(await cache.size('cache/images/d41d8cd98f00b204e9800998ecf8427e.jpeg')).toBe(3)
})

test('writes down a use once an hour', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  const file = join(cache.root, sample.path)
  const setAge = (minutes: number): Promise<void> => utimes(file, 0, Date.now() / 1000 - minutes * 60)
  const age = async (): Promise<number> => (Date.now() - (await stat(file)).mtimeMs) / 60_000
  const uses = [
    async () => (await cache.open(sample.path)).destroy(),
    () => cache.locate(sample.path),
    () => store(cache, sample),
  ]
  for (const use of uses) {
    await setAge(59)
    await use()
    expect(await age()).toBeGreaterThan(58)
    await setAge(61)
    await use()
    expect(await age()).toBeLessThan(1)
  }
  await setAge(61)
  await cache.verify(sample.path, sample.digests)
  expect(await age()).toBeGreaterThan(60)
})

test('says that the cache is away, not that its files are', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  await rename(cache.root, `${cache.root}-away`)
  await mkdir(cache.root)
  const unavailable = { name: 'CacheUnavailableError', code: 'cache_unavailable' }
  await expect(cache.size(sample.path)).rejects.toMatchObject(unavailable)
  await expect(cache.open(sample.path)).rejects.toMatchObject(unavailable)
  await expect(cache.locate(sample.path)).rejects.toMatchObject(unavailable)
  await expect(cache.verify(sample.path, sample.digests)).rejects.toMatchObject(unavailable)
  await expect(cache.remove(sample.path)).rejects.toMatchObject(unavailable)
  await sleep(250)
  await expect(cache.createTemporary()).rejects.toMatchObject(unavailable)
  await expect(cache.stats()).rejects.toMatchObject(unavailable)
  await expect(cache.sweepTemporary()).rejects.toMatchObject(unavailable)
  await expect(Array.fromAsync(cache.verifyAll())).rejects.toMatchObject(unavailable)
  expect(await filesIn(cache)).toEqual([])
  await rename(`${cache.root}-away/images`, join(cache.root, 'images'))
  await rename(`${cache.root}-away/.mediakeep-cache`, join(cache.root, '.mediakeep-cache'))
  expect(await cache.verify(sample.path, sample.digests)).toBe('ok')
})

test('says that the cache went away between download and put', async () => {
  const cache = await newCache()
  const sample = randomSample()
  const temporary = await cache.createTemporary()
  await rename(cache.root, `${cache.root}-away`)
  await mkdir(cache.root)
  await expect(cache.put(temporary, sample.path, sample.digests)).rejects.toMatchObject({
    code: 'cache_unavailable',
  })
})

test('keeps derived files whole, and knows no others', async () => {
  const cache = await newCache()
  expect(await cache.derived.read('abc-320.webp')).toBeUndefined()
  await cache.derived.write('abc-320.webp', Buffer.from('one'))
  await cache.derived.write('abc-320.webp', Buffer.from('two'))
  expect(await cache.derived.read('abc-320.webp')).toEqual(Buffer.from('two'))
  expect(await filesIn(cache)).toEqual(['thumbnails/abc-320.webp'])
  await expect(cache.derived.read('../.mediakeep-cache')).rejects.toMatchObject({ code: 'cache_path' })
  await expect(cache.derived.write('../x.webp', Buffer.of())).rejects.toMatchObject({ code: 'cache_path' })
})

test('leaves no folder of its own when closed', async () => {
  const cache = await newCache()
  await store(cache, randomSample())
  await cache.close()
  await expect(stat(join(cache.root, 'tmp'))).resolves.toMatchObject({})
  expect(await filesIn(cache, 'tmp')).toEqual([])
})
