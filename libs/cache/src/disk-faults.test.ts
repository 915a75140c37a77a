import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openCache, type FileCache } from './file-cache.ts'
import { mayInject, mayMount } from './mount.fixture.ts'
import { injecting, runChild } from './run-child.fixture.ts'
import { filesIn, newCache, randomSample, store, temporaryFolder, type Sample } from './samples.fixture.ts'

// Full and read-only disks need permission to mount; injected disk faults need strace with permission to trace.
const withMount = test.skipIf(!mayMount())
const withFaults = test.skipIf(!mayInject())

async function cacheOnDisk(options: string): Promise<FileCache> {
  const folder = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', [folder])
  })
  return await openCache(folder, { create: true })
}

async function writeSample(sample: Sample): Promise<string> {
  const file = join(await temporaryFolder(), 'sample')
  await writeFile(file, sample.bytes)
  return file
}

withMount('names a disk with no room for another name, and leaves nothing', async () => {
  const cache = await cacheOnDisk('size=4m,nr_inodes=9')
  const kept = randomSample()
  await store(cache, kept)
  const sample = randomSample()
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, sample.bytes)
  const fillers: string[] = []
  await expect(
    (async () => {
      for (;;) await writeFile(join(cache.root, `.filler-${fillers.push('')}`), '')
    })(),
  ).rejects.toMatchObject({ code: 'ENOSPC' })
  const failure = await cache.put(temporary, sample.path, sample.digests).catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'CacheWriteError', code: 'ENOSPC', path: sample.path })
  expect(String(failure)).toContain('CACHE_MAX_BYTES')
  expect(await filesIn(cache)).toEqual([kept.path])
})

withMount('names a full disk when a derived file does not fit, and leaves nothing', async () => {
  const cache = await cacheOnDisk('size=1m')
  await expect(cache.derived.write('large.webp', Buffer.alloc(2_000_000))).rejects.toMatchObject({
    name: 'CacheWriteError',
    code: 'ENOSPC',
  })
  expect(await filesIn(cache)).toEqual([])
})

withMount('still serves from a read-only disk, and names it when writing', async () => {
  const cache = await cacheOnDisk('size=1m')
  const kept = randomSample()
  await store(cache, kept)
  const sample = randomSample()
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, sample.bytes)
  execFileSync('mount', ['-o', 'remount,ro', cache.root])
  const readOnly = { name: 'CacheWriteError', code: 'EROFS' }
  await expect(cache.put(temporary, sample.path, sample.digests)).rejects.toMatchObject(readOnly)
  await sleep(250)
  await expect(cache.createTemporary()).rejects.toMatchObject(readOnly)
  const reader = await openCache(cache.root, { create: true, expectId: cache.id })
  expect(await reader.verify(kept.path, kept.digests)).toBe('ok')
  expect(await reader.locate(kept.path)).toBe(join(cache.root, kept.path))
  await cache.close()
})

test('names a process out of file descriptors, and leaves nothing', async () => {
  const cache = await newCache()
  const file = await writeSample(randomSample())
  const prefix = ['sh', '-c', 'ulimit -n 60; exec "$@"', 'sh']
  const failure = await runChild([cache.root, 'exhaust', file], { prefix })
  expect(failure).toMatchObject({ name: 'CacheWriteError', code: 'EMFILE' })
  expect(JSON.stringify(failure)).toContain('ulimit')
  expect(await filesIn(cache)).toEqual([])
})

withFaults.each(['fsync:error=EIO:when=1', 'fsync:error=EIO:when=2', '/^link:error=EIO'])(
  'names a failing disk (%s), and leaves nothing',
  async (fault) => {
    const cache = await newCache()
    await store(cache, randomSample())
    const before = await filesIn(cache)
    const file = await writeSample(randomSample())
    const failure = await runChild([cache.root, 'put', file], { prefix: injecting(fault) })
    expect(failure).toMatchObject({ name: 'CacheWriteError', code: 'EIO' })
    expect(JSON.stringify(failure)).toContain('smartctl')
    expect(await filesIn(cache)).toEqual(before)
  },
)

withFaults('makes bytes and name durable, in this order', async () => {
  const cache = await newCache()
  await store(cache, randomSample())
  const file = await writeSample(randomSample())
  const trace = join(await temporaryFolder(), 'trace')
  const prefix = ['strace', '-f', '-qq', '-y', '-o', trace, '-e', 'trace=fsync,/^link']
  expect(await runChild([cache.root, 'put', file], { prefix })).toBe('stored')
  const lines = execFileSync('cat', [trace], { encoding: 'utf8' }).trim().split('\n')
  expect(lines.map((line) => /(fsync|link)/.exec(line)?.[0])).toEqual(['fsync', 'link', 'fsync'])
  expect(lines[0]).toContain(`${cache.root}/tmp/`)
  expect(lines[2]).toContain(`<${cache.root}/images>`)
})

withFaults('stores on a file system without hard links', async () => {
  const cache = await newCache()
  const sample = randomSample()
  const file = await writeSample(sample)
  const prefix = injecting('/^link:error=EPERM')
  expect(await runChild([cache.root, 'put', file], { prefix })).toBe('stored')
  expect(await runChild([cache.root, 'put', file], { prefix })).toBe('present')
  expect(await filesIn(cache)).toEqual([sample.path])
})

withFaults('counts a file that the disk cannot read as corrupt', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  const prefix = injecting('/^p?read:error=EIO', join(cache.root, sample.path))
  expect(await runChild([cache.root, 'verify', sample.path], { prefix })).toBe('corrupt')
  expect(await filesIn(cache, 'quarantine')).toHaveLength(1)
})
