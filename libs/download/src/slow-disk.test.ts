import { setTimeout as sleep } from 'node:timers/promises'
import { FetchError, type Fetcher } from '@mediakeep/content'
import { openFetcher } from '@mediakeep/fetch'
import { expect, onTestFinished, test } from 'vitest'
import { png, type Origin } from './origin.fixture.ts'
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

test('a host is not kept waiting for our disk, and a file is not shown before it is on it', async () => {
  const origin = await useOrigin((path) => ({ body: png(path) }))
  const cache = await useCache()
  const { fetcher, letSync } = slowDisk(origin)
  await addMedia(
    database(),
    Array.from({ length: 20 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const stage = await useStage(database(), [origin], { cache, fetcher, concurrencyPerHost: 1 })
  const draining = stage.drain(forever())
  onTestFinished(() => draining.then(() => undefined))
  await expect.poll(() => origin.asked.length, { timeout: 60_000 }).toBe(20)
  await sleep(300)
  expect((await filesIn(cache)).filter((path) => !path.startsWith('tmp/'))).toEqual([])
  expect((await mediaRows(database())).every((row) => row.fate === 'waiting')).toBe(true)
  letSync()
  expect(await draining).toEqual({ done: 20, failed: 0 })
})

test('a file that could not be brought to the disk is not kept, and no attempt is lost', async () => {
  const origin = await useOrigin((path) => ({ body: png(path) }))
  const cache = await useCache()
  const { fetcher, letSync } = slowDisk(origin)
  letSync(
    new FetchError('failed', 'disk_eio', 'Writing failed', {
      cause: Object.assign(new Error('i/o error'), { code: 'EIO' }),
    }),
  )
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  const stage = await useStage(database(), [origin], { cache, fetcher })
  await expect(stage.drain(forever())).rejects.toThrow('Writing failed')
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'waiting', download_attempts: 0 })
  expect(await filesIn(cache)).toEqual([])
})

/** A fetcher whose files reach the disk when the test says so. */
function slowDisk(origin: Origin): { fetcher: Fetcher; letSync: (error?: Error) => void } {
  const real = openFetcher({ allowHosts: [origin.host] })
  onTestFinished(() => real.close())
  const disk = Promise.withResolvers<undefined>()
  disk.promise.catch(() => undefined)
  return {
    letSync: (error) => (error ? disk.reject(error) : disk.resolve(undefined)),
    fetcher: {
      ...real,
      async fetch(url, path, signal, options) {
        const fetched = await real.fetch(url, path, signal, options)
        return { ...fetched, synced: Promise.all([fetched.synced, disk.promise]).then(() => undefined) }
      },
    },
  }
}
