import { writeFile } from 'node:fs/promises'
import { FetchError, type Cache, type Fetcher } from '@mediakeep/content'
import { MAX_DEATHS } from '@mediakeep/lease'
import { expect, test } from 'vitest'
import { MAX_ATTEMPTS } from './failure.ts'
import { png } from './origin.fixture.ts'
import type { DownloadStageOptions } from './stage.ts'
import {
  addMedia,
  filesIn,
  forever,
  mediaRow,
  mediaRows,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()
const makeDue = (): Promise<unknown> =>
  database().query('UPDATE public.post_media SET download_not_before = now()')

test('a failure is retried, later each time, and given up at last', async () => {
  const origin = await useOrigin(() => ({ status: 500 }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a') }])
  const stage = await useStage(database(), [origin])
  const waits: number[] = []
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    expect(await stage.drain(forever())).toEqual({ done: 0, failed: 1 })
    expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
    const row = await mediaRow(database(), 'med-1')
    expect(row).toMatchObject({
      fate: 'failed',
      download_attempts: attempt,
      fate_reason: expect.stringContaining('500') as string,
    })
    waits.push(row.download_not_before!.getTime() - Date.now())
    await makeDue()
  }
  expect(waits[0]).toBeLessThan(13_000)
  expect(waits[3]).toBeGreaterThan(waits[0]! * 8)
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 1 })
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'failed',
    download_not_before: null,
    fate_reason: expect.stringMatching(/^gave up after 8 attempts: /) as string,
  })
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
})

test('a retry comes before the URL expires', async () => {
  const origin = await useOrigin(() => ({ status: 500 }))
  const set = { url_expires_at: new Date(Date.now() + 120_000), download_attempts: 5 }
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a'), set }])
  await (await useStage(database(), [origin])).drain(forever())
  const { download_not_before: next } = await mediaRow(database(), 'med-1')
  expect(next!.getTime() - Date.now()).toBeLessThan(61_000)
})

test('a row whose process died too often is parked without another try; nothing of it is lost', async () => {
  const origin = await useOrigin(() => ({ body: png('poison') }))
  const dead = {
    download_deaths: MAX_DEATHS,
    download_lease_token: '00000000-0000-7000-8000-000000000000',
    download_lease_expires_at: new Date(0),
  }
  await addMedia(database(), [
    { id: 'med-poison', url: origin.url('/poison'), set: dead },
    { id: 'med-neighbour', url: origin.url('/neighbour'), set: { ...dead, download_deaths: 3 } },
  ])
  const stage = await useStage(database(), [origin])
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 1 })
  expect(origin.asked).toEqual(['/neighbour'])
  expect(await mediaRow(database(), 'med-poison')).toMatchObject({
    fate: 'failed',
    download_not_before: null,
  })
})

test('a late holder writes nothing', async () => {
  const origin = await useOrigin((path) => ({ body: png(path), delayMs: 300 }))
  const cache = await useCache()
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/a') },
    { id: 'med-2', url: origin.url('/b') },
  ])
  const stage = await useStage(database(), [origin], { cache })
  const draining = stage.drain(forever())
  await expect.poll(() => origin.asked.length).toBe(2)
  const other = '00000000-0000-7000-8000-000000000000'
  await database().query(`UPDATE public.post_media SET download_lease_token = $1`, [other])
  expect(await draining).toEqual({ done: 0, failed: 0 })
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'waiting',
    sha256_sum: null,
    local_file_path: null,
    download_lease_token: other,
  })
  expect(await filesIn(cache)).toEqual([])
  expect((await database().query('SELECT FROM mediakeep.contents')).rowCount).toBe(0)
})

test('a holder that is late between file and row writes nothing', async () => {
  const origin = await useOrigin((path) => ({ body: png(path) }))
  const cache = await useCache()
  const other = '00000000-0000-7000-8000-000000000000'
  const slowCache: Cache = {
    ...cache,
    async put(temporary, path, digests) {
      const stored = await cache.put(temporary, path, digests)
      await database().query(`UPDATE public.post_media SET download_lease_token = $1`, [other])
      return stored
    },
  }
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a') }])
  const stage = await useStage(database(), [origin], { cache: slowCache })
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'waiting',
    fetched_at: null,
    download_lease_token: other,
  })
})

test('a URL replaced while the old one failed is tried afresh', async () => {
  const origin = await useOrigin((path) =>
    path === '/old' ? { status: 404, delayMs: 300 } : { body: png('fresh') },
  )
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/old') }])
  const stage = await useStage(database(), [origin])
  const draining = stage.drain(forever())
  await expect.poll(() => origin.asked.length).toBe(1)
  await database().query('UPDATE public.post_media SET media_url = $1', [origin.url('/new')])
  await draining
  await stage.drain(forever())
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'fetched', download_attempts: 1 })
})

test('a stage that is told to stop gives back what it began', async () => {
  const origin = await useOrigin((path) => ({ body: png(path), delayMs: 5_000 }))
  const cache = await useCache()
  await addMedia(
    database(),
    Array.from({ length: 20 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const stage = await useStage(database(), [origin], { cache })
  const stop = new AbortController()
  const draining = stage.drain(stop.signal)
  await expect.poll(() => origin.asked.length).toBe(5)
  const stoppedAt = Date.now()
  stop.abort()
  expect(await draining).toEqual({ done: 0, failed: 0 })
  expect(Date.now() - stoppedAt).toBeLessThan(1_000)
  for (const row of await mediaRows(database())) {
    expect(row).toMatchObject({ fate: 'waiting', download_attempts: 0, download_lease_token: null })
  }
  expect((await database().query('SELECT FROM mediakeep.download_slots')).rowCount).toBe(0)
  expect(await filesIn(cache)).toEqual([])
})

test('a full disk ends the pass with its reason, and costs no attempt', async () => {
  const origin = await useOrigin((path) => ({ body: png(path) }))
  const cache = await useCache()
  let isFull = true
  const fullCache: Cache = {
    ...cache,
    put: (temporary, path, digests) =>
      isFull
        ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
        : cache.put(temporary, path, digests),
  }
  await addMedia(
    database(),
    Array.from({ length: 300 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const asked: boolean[] = []
  let hasRoom = false
  const makeRoom: DownloadStageOptions['makeRoom'] = ({ isFull }) => {
    asked.push(isFull)
    return !isFull || hasRoom ? Promise.resolve() : Promise.reject(new Error('nothing may go'))
  }
  const stage = await useStage(database(), [origin], { cache: fullCache, makeRoom, roomCheckSeconds: 600 })
  await expect(stage.drain(forever())).rejects.toThrow('nothing may go')
  expect(asked).toEqual([false, true])
  expect(origin.asked.length).toBeLessThan(200)
  for (const row of await mediaRows(database())) {
    expect(row).toMatchObject({ fate: 'waiting', download_attempts: 0, download_lease_token: null })
  }
  expect(await filesIn(cache)).toEqual([])
  hasRoom = true
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
  isFull = false
  expect(await stage.drain(forever())).toEqual({ done: 300, failed: 0 })
})

test('a pass that takes long checks for room regularly, and ends when there is none', async () => {
  const origin = await useOrigin((path) => ({ body: png(path), delayMs: path === '/slow' ? 20_000 : 0 }))
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/slow') },
    { id: 'med-2', url: origin.url('/quick') },
  ])
  let checks = 0
  const makeRoom = (): Promise<void> =>
    ++checks < 3 ? Promise.resolve() : Promise.reject(new Error('no room is left'))
  const stage = await useStage(database(), [origin], { makeRoom, roomCheckSeconds: 0.3 })
  await expect(stage.drain(forever())).rejects.toThrow('no room is left')
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'waiting', download_attempts: 0 })
  expect(await mediaRow(database(), 'med-2')).toMatchObject({ fate: 'fetched' })
})

test('an error that nobody foresaw costs its row an attempt, and the others nothing', async () => {
  const origin = await useOrigin((path) => ({ body: png(path) }))
  const fetcher: Pick<Fetcher, 'fetch'> = {
    fetch: async (url, path) => {
      if (url.endsWith('/bug')) throw new TypeError('x is not a function')
      if (url.endsWith('/nul')) throw new FetchError('rejected', 'html', 'said: \0 \ud800')
      await writeFile(path, png(url))
      return {
        digests: { md5: 'a'.repeat(32), sha256: 'b'.repeat(64), byteSize: png(url).length },
        lengthVerified: true,
      }
    },
  }
  await addMedia(
    database(),
    ['bug', 'nul', 'fine'].map((name) => ({ id: `med-${name}`, url: origin.url(`/${name}`) })),
  )
  const stage = await useStage(database(), [origin], { fetcher: fetcher as Fetcher })
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 2 })
  expect((await mediaRows(database())).map((row) => row.fate_reason)).toEqual([
    'unexpected: TypeError: x is not a function',
    null,
    'html: said:  \ufffd',
  ])
})
