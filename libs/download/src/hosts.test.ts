import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { holdHost } from './hosts.ts'
import { png } from './origin.fixture.ts'
import { hostPermits } from './permits.ts'
import {
  addMedia,
  forever,
  mediaRow,
  mediaRows,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()

test('two stages at once: no row is fetched twice, and a host bears no more connections than permitted', async () => {
  const origin = await useOrigin((path) => ({ body: png(path), delayMs: 20 }))
  const cache = await useCache()
  await addMedia(
    database(),
    Array.from({ length: 120 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const stages = await Promise.all(
    [1, 2].map(() => useStage(database(), [origin], { cache, concurrencyPerHost: 3 })),
  )
  let done = 0
  // A stage that found every permit taken has nothing to do, and runs again.
  const work = async (): Promise<void> => {
    const deadline = Date.now() + 20_000
    while (done < 120 && Date.now() < deadline) {
      await Promise.all(stages.map(async (stage) => (done += (await stage.drain(forever())).done)))
    }
  }
  await work()
  expect(done).toBe(120)
  expect(origin.asked).toHaveLength(120)
  expect(new Set(origin.asked).size).toBe(120)
  expect(origin.peak()).toBe(3)
})

test("permits are never more than allowed, however many ask at once; a dead holder's are free after their time", async () => {
  const askers = Array.from({ length: 6 }, () => hostPermits(database(), 4, 0.6))
  const taken = await Promise.all(askers.map((asker) => asker.acquire([{ host: 'a.test', lanes: 3 }])))
  expect(taken.flat().length).toBeLessThanOrEqual(4)
  expect(new Set(taken.flat().map((permit) => permit.id)).size).toBe(taken.flat().length)
  await sleep(1_000)
  expect(taken.flat().some((permit) => permit.lost.aborted)).toBe(false)
  expect((await askers[0]!.acquire([{ host: 'a.test', lanes: 4 }])).length).toBe(4 - taken.flat().length)
  for (const asker of askers) asker.stop()
  await sleep(700)
  const after = hostPermits(database(), 4, 30)
  expect(
    await after.acquire([
      { host: 'a.test', lanes: 9 },
      { host: 'b.test', lanes: 1 },
    ]),
  ).toHaveLength(5)
  after.stop()
})

test('a permit that another process is taking at this moment is not taken over', async () => {
  const wanted = [{ host: 'a.test', lanes: 4 }]
  let second: Promise<unknown[]> | undefined
  await database().transaction(async (sql) => {
    const first = hostPermits(sql, 4, 30)
    expect(await first.acquire(wanted)).toHaveLength(4)
    first.stop()
    const other = hostPermits(database(), 4, 30)
    second = other.acquire(wanted)
    await sleep(200)
    other.stop()
  })
  expect(await second).toEqual([])
})

test('a host that says 429 is left alone for as long as it asks, others are not, and no attempt is spent', async () => {
  let isBusy = true
  const busy = await useOrigin((path) =>
    isBusy ? { status: 429, headers: { 'retry-after': '60' } } : { body: png(path) },
  )
  const free = await useOrigin((path) => ({ body: png(path) }))
  await addMedia(
    database(),
    [busy, free].flatMap((origin, o) =>
      Array.from({ length: 20 }, (_, n) => ({ id: `med-${o}-${n}`, url: origin.url(`/${o}/${n}`) })),
    ),
  )
  const stages = await Promise.all(
    [1, 2].map(() => useStage(database(), [busy, free], { concurrencyPerHost: 2 })),
  )
  for (const stage of stages) await stage.drain(forever())
  expect(busy.asked.length).toBeLessThanOrEqual(2)
  expect(new Set(free.asked).size).toBe(20)
  const waiting = (await mediaRows(database())).filter((row) => row.fate === 'waiting')
  expect(waiting).toHaveLength(20)
  expect(waiting.every((row) => row.download_attempts === 0 && row.download_lease_token === null)).toBe(true)
  isBusy = false
  await database().query('UPDATE mediakeep.download_hosts SET not_before = now()')
  await database().query('UPDATE public.post_media SET download_not_before = NULL')
  const fresh = await useStage(database(), [busy, free])
  expect(await fresh.drain(forever())).toEqual({ done: 20, failed: 0 })
})

/** Advances time for paused hosts and for rows that were given back. */
async function pass(seconds: number): Promise<void> {
  await database().query(
    `UPDATE mediakeep.download_hosts SET not_before = not_before - make_interval(secs => $1),
     updated_at = updated_at - make_interval(secs => $1)`,
    [seconds],
  )
  await database().query(
    `UPDATE public.post_media SET download_not_before = download_not_before - make_interval(secs => $1),
     updated_at = updated_at - make_interval(secs => $1)`,
    [seconds],
  )
}

test('a URL that is answered 429 each time does not keep its host from the others', async () => {
  const origin = await useOrigin((path) => (path === '/busy' ? { status: 429 } : { body: png(path) }))
  const urgent = { url_expires_at: new Date(Date.now() + 86_400_000) }
  await addMedia(database(), [
    { id: 'med-busy', url: origin.url('/busy'), set: urgent },
    ...Array.from({ length: 20 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  ])
  const stage = await useStage(database(), [origin], { concurrencyPerHost: 1 })
  let done = 0
  for (let waited = 0; waited < 60; waited += 10) {
    done += (await stage.drain(forever())).done
    await pass(10.5)
  }
  expect(done).toBe(20)
})

test('a URL that is answered 429 again is tried later each time, at no cost, and before it expires', async () => {
  const origin = await useOrigin(() => ({ status: 429 }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  const stage = await useStage(database(), [origin])
  const wait = async (): Promise<number> => {
    expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
    const row = await mediaRow(database(), 'med-1')
    expect(row).toMatchObject({ fate: 'waiting', download_attempts: 0 })
    const seconds = (row.download_not_before!.getTime() - Date.now()) / 1000
    await pass(seconds + 1)
    return Math.round(seconds)
  }
  expect([await wait(), await wait(), await wait()]).toEqual([60, 120, 240])
  for (let tries = 3; tries < 11; tries++) await wait()
  expect(await wait()).toBe(86_400)
  await database().query(`UPDATE public.post_media SET url_expires_at = now() + interval '20 minutes'`)
  expect(await wait()).toBe(600)
  await database().query(`UPDATE public.post_media SET url_expires_at = now() + interval '20 seconds'`)
  expect(await wait()).toBe(31)
})

test('a host that was redirected to and says 429 is left alone, and so is the one that redirects', async () => {
  const target = await useOrigin(() => ({ status: 429, headers: { 'retry-after': '60' } }))
  const source = await useOrigin((path) => ({ status: 302, headers: { location: target.url(path) } }))
  await addMedia(database(), [{ id: 'med-1', url: source.url('/1') }])
  const stage = await useStage(database(), [source, target])
  await stage.drain(forever())
  expect(target.asked).toEqual(['/1'])
  await addMedia(database(), [
    { id: 'med-2', url: source.url('/2') },
    { id: 'med-3', url: target.url('/3') },
  ])
  await stage.drain(forever())
  expect(source.asked).toEqual(['/1'])
  expect(target.asked).toEqual(['/1'])
})

test('a host that keeps asking waits longer each time; one that asks again later does not', async () => {
  const wait = async (): Promise<number> => {
    await holdHost(database(), 'a.test', 2, 'http_429')
    const found = await database().query<{ seconds: number }>(
      'SELECT extract(epoch FROM not_before - now())::float8 AS seconds FROM mediakeep.download_hosts',
    )
    return Math.round(found.rows[0]!.seconds)
  }
  expect(await wait()).toBe(2)
  expect(await wait()).toBe(2)
  await pass(3)
  expect(await wait()).toBe(4)
  await pass(5)
  expect(await wait()).toBe(8)
  await pass(60)
  expect(await wait()).toBe(2)
})

test('a more urgent host is not kept waiting by a long queue of another', async () => {
  const slow = await useOrigin((path) => ({ body: png(path), delayMs: 60 }))
  const urgent = await useOrigin((path) => ({ body: png(path) }))
  await addMedia(
    database(),
    Array.from({ length: 100 }, (_, n) => ({ id: `med-${n}`, url: slow.url(`/${n}`) })),
  )
  const stage = await useStage(database(), [slow, urgent], { concurrencyPerHost: 2, maxLanes: 2 })
  const draining = stage.drain(forever())
  // Even if the test fails, nothing may use the database after it.
  onTestFinished(() => draining.then(() => undefined))
  await sleep(300)
  const set = { url_expires_at: new Date(Date.now() + 60_000) }
  await addMedia(database(), [{ id: 'med-urgent', url: urgent.url('/urgent'), set }])
  await expect
    .poll(() => mediaRow(database(), 'med-urgent'), { timeout: 60_000 })
    .toMatchObject({ fate: 'fetched' })
  expect(slow.asked.length).toBeLessThan(90)
  expect(await draining).toEqual({ done: 101, failed: 0 })
})
