import { pruneEvents } from '@mediakeep/events'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { change, CHANGED, mediaId, openStream, type Stream } from './streams.fixture.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  await seed(db, 2, 2)
})
afterEach(() => db.drop())

async function pruneAll(): Promise<void> {
  await pruneEvents(db, { keepSeconds: 0 })
  expect((await db.query('SELECT FROM mediakeep.events')).rowCount).toBe(0)
}

/** Starts a server that awaits `before` before it reads events: all new ones for the tail, or a client's page. */
async function startWith(before: (reader: 'tail' | 'page') => Promise<void>): Promise<TestApi> {
  const slow: TestDatabase = {
    ...db,
    async query<Row extends object>(text: string, values: readonly unknown[] = [], ...rest: []) {
      if (text.includes('number > $1')) await before(values[2] === null ? 'tail' : 'page')
      return db.query<Row>(text, values, ...rest)
    },
  }
  const api = await startTestApi(db, { db: slow })
  onTestFinished(() => api.close())
  return api
}

async function watch(api: TestApi, variables: object = {}): Promise<Stream> {
  const stream = await openStream(api.url, CHANGED, variables)
  onTestFinished(() => stream.cut())
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  return stream
}

async function expectExpired(stream: Stream): Promise<void> {
  await expect.poll(() => stream.isOver).toBe(true)
  expect(stream.messages.slice(-2).map(({ event }) => event)).toEqual(['next', 'complete'])
  expect(stream.messages.at(-2)!.data).toContain('"CURSOR_EXPIRED"')
}

test('a server that slept for longer than events are kept says so to its clients, and serves new ones', async () => {
  const awake = Promise.withResolvers<undefined>()
  let isAsleep = false
  const api = await startWith(async (reader) => {
    if (isAsleep && reader === 'tail') await awake.promise
  })
  const old = await watch(api)
  await change(db, 'gone', mediaId(1))
  await expect.poll(() => old.changes).toHaveLength(1)
  isAsleep = true
  await change(db, 'failed', mediaId(1))
  await change(db, 'blocked', mediaId(1))
  await pruneAll()
  awake.resolve(undefined)
  await expectExpired(old)
  expect(old.changes).toHaveLength(1)

  const young = await watch(api)
  await change(db, 'waiting', mediaId(2))
  await expect.poll(() => young.changes.map((one) => one['mediaId'])).toEqual([mediaId(2)])
})

test('a client whose events are pruned while it catches up is told so, and not moved on', async () => {
  const api = await startWith(async (reader) => {
    if (reader === 'page') await pruneAll()
  })
  for (const fate of ['gone', 'failed']) await change(db, fate, mediaId(1))
  await api.ask('{ eventCursor }')
  const stream = await watch(api, { after: '0' })
  await expectExpired(stream)
  expect(stream.changes).toEqual([])
})
