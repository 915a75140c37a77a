import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileCache } from '@mediakeep/cache'
import { expect, test } from 'vitest'
import type { ChildOptions, StopAt } from './crash-child.fixture.ts'
import { png, type Origin } from './origin.fixture.ts'
import {
  addMedia,
  filesIn,
  forever,
  mediaRows,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()

function startChild(cache: FileCache, origin: Origin, stopAt: StopAt): ChildProcess {
  const options: ChildOptions = {
    databaseUrl: database().url,
    cacheRoot: cache.root,
    host: origin.host,
    stopAt,
  }
  return fork(join(import.meta.dirname, 'crash-child.fixture.ts'), [JSON.stringify(options)], {
    execArgv: [],
  })
}

/** Drains repeatedly until every row is fetched. */
async function drainAll(cache: FileCache, origin: Origin): Promise<void> {
  const stage = await useStage(database(), [origin], { cache, leaseSeconds: 2, concurrencyPerHost: 3 })
  for (let left = 40; left > 0; left--) {
    await stage.drain(forever())
    const rows = await mediaRows(database())
    if (rows.every((row) => row.fate === 'fetched')) return
    await sleep(250)
  }
}

/** The number of files that have their final name. */
async function placedFiles(cache: FileCache): Promise<number> {
  return (await filesIn(cache)).filter((path) => !path.startsWith('tmp/')).length
}

test.each<[StopAt, number, number]>([
  // Each lane stops at its first file.
  ['downloaded', 3, 13],
  ['put', 10, 10],
])(
  'kill -9 when a file is %s: another process completes all, and nothing is left over',
  async (stopAt, before, asked) => {
    const origin = await useOrigin((path) => ({ body: png(path) }))
    const cache = await useCache()
    await addMedia(
      database(),
      Array.from({ length: 10 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
    )
    const child = startChild(cache, origin, stopAt)
    await once(child, 'message')
    await expect.poll(() => origin.asked.length).toBe(before)
    if (stopAt === 'put') await expect.poll(() => placedFiles(cache)).toBe(before)
    await sleep(200)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await drainAll(cache, origin)
    const rows = await mediaRows(database())
    expect(rows.map((row) => row.fate)).toEqual(rows.map(() => 'fetched'))
    expect(rows.every((row) => row.download_lease_token === null)).toBe(true)
    // A file that was already in place is not fetched again.
    expect(origin.asked.length).toBe(asked)
    await cache.sweepTemporary()
    expect(await filesIn(cache)).toEqual(rows.map((row) => row.local_file_path).sort())
    const orphans = await database().query(`SELECT FROM mediakeep.contents c WHERE NOT EXISTS (
    SELECT FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum)`)
    expect(orphans.rowCount).toBe(0)
    expect((await database().query('SELECT FROM mediakeep.download_slots')).rowCount).toBe(0)
  },
)

test('two processes share the permits of a host and its rows', async () => {
  const origin = await useOrigin((path) => ({ body: png(path), delayMs: 20 }))
  const cache = await useCache()
  await addMedia(
    database(),
    Array.from({ length: 150 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const children = [1, 2].map(() => startChild(cache, origin, 'never'))
  await Promise.all(children.map((child) => once(child, 'exit')))
  await drainAll(cache, origin)
  expect((await mediaRows(database())).every((row) => row.fate === 'fetched')).toBe(true)
  expect(origin.asked).toHaveLength(150)
  expect(origin.peak()).toBe(3)
})
