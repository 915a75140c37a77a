import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { once } from 'node:events'
import { mayInject } from './mount.fixture.ts'
import { formatIdentity, parseIdentity, stateOf } from './process-identity.ts'
import { hangingChild, injecting, runChild } from './run-child.fixture.ts'
import { filesIn, newCache, randomSample, store, temporaryFolder } from './samples.fixture.ts'

test('two processes that cache the same bytes at once store them once', async () => {
  const cache = await newCache()
  const sample = randomSample(300_000)
  const file = join(await temporaryFolder(), 'sample')
  await writeFile(file, sample.bytes)
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => runChild([cache.root, 'put', file])))
  expect(outcomes.sort()).toEqual(['present', 'present', 'present', 'stored'])
  expect(await filesIn(cache)).toEqual([sample.path])
  expect(await cache.verify(sample.path, sample.digests)).toBe('ok')
})

test('sweeps what a killed process left, and nothing of one that lives', async () => {
  const cache = await newCache()
  const child = await hangingChild(cache.root)
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, 'ours')
  expect(await cache.sweepTemporary()).toEqual({ removed: 0, freedBytes: 0 })
  expect(await filesIn(cache)).toHaveLength(2)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await Array.fromAsync(cache.list())).toEqual([])
  expect(await cache.sweepTemporary()).toEqual({ removed: 1, freedBytes: 'half a picture'.length })
  expect(await filesIn(cache)).toEqual([temporary.path.slice(cache.root.length + 1)])
})

test.skipIf(!mayInject()).each(['fsync', '/^link', '/^unlink'])(
  'a process killed at %s in put leaves all of the file or nothing, and what it leaves is swept',
  async (call) => {
    const cache = await newCache()
    await store(cache, randomSample())
    const before = await filesIn(cache)
    const sample = randomSample()
    const file = join(await temporaryFolder(), 'sample')
    await writeFile(file, sample.bytes)
    const prefix = injecting(`${call}:signal=SIGKILL`)
    expect(await runChild([cache.root, 'put', file], { prefix })).toBeUndefined()
    expect(['ok', 'missing']).toContain(await cache.verify(sample.path, sample.digests))
    expect((await cache.sweepTemporary()).removed).toBe(1)
    const after = (await filesIn(cache)).filter((path) => path !== sample.path)
    expect(after).toEqual(before)
    expect(await store(cache, sample)).toMatch(/stored|present/)
  },
)

test('leaves the folder of another machine alone until nothing has changed there for a day', async () => {
  const cache = await newCache()
  const foreign = join(cache.root, 'tmp', 'another-machine-17-4711')
  await mkdir(foreign, { recursive: true })
  await writeFile(join(foreign, 'file'), 'theirs')
  const setAge = async (hours: number): Promise<void> => {
    const time = Date.now() / 1000 - hours * 3600
    await utimes(foreign, time, time)
    await utimes(join(foreign, 'file'), time, time)
  }
  await setAge(23)
  expect((await cache.sweepTemporary()).removed).toBe(0)
  await setAge(25)
  await utimes(foreign, 0, 0)
  expect((await cache.sweepTemporary()).removed).toBe(1)
  expect(await readdir(join(cache.root, 'tmp'))).toEqual([])
})

test('knows a process by its start, not by its pid alone', async () => {
  const cache = await newCache()
  await cache.createTemporary()
  const [name = ''] = await readdir(join(cache.root, 'tmp'))
  expect(name).toContain(hostname().replaceAll(/[^A-Za-z0-9.-]/g, '_'))
  const own = parseIdentity(name)
  if (own === undefined) throw new Error(`${name} is not understood`)
  expect(formatIdentity(own)).toBe(name)
  expect(own.pid).toBe(process.pid)
  expect(stateOf(own)).toBe('alive')
  expect(stateOf({ ...own, host: 'another' })).toBe('unknown')
  expect(stateOf({ ...own, pid: 2 ** 22 + 1 })).toBe('dead')
  if (own.startedAt > 0) expect(stateOf({ ...own, startedAt: own.startedAt - 1 })).toBe('dead')
})
