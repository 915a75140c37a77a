import { openPool, type Pool } from '@mediakeep/postgres'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { formatCursor, type EventCursor } from './cursor.ts'
import { renewEpoch } from './epoch.ts'
import { loseEventsAfter, write } from './log.fixture.ts'
import { assertServed, readEvents, type LoggedEvent } from './read-events.ts'
import { endOfLog, sequenceAll } from './sequence-events.ts'
import { openTail } from './tail.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  await renewEpoch(db)
})
afterEach(() => db.drop())

async function writeAll(prefix: string, count: number): Promise<EventCursor> {
  for (let n = 0; n < count; n++) await write(db, `${prefix}${n}`)
  return await endOfLog(db)
}

const names = async (after: number): Promise<string[]> =>
  (await readEvents(db, after, { limit: 100 })).flatMap(({ kind, changes }) =>
    kind === 'media' ? changes.map(({ mediaId }) => mediaId) : [],
  )

test('the epoch stays as long as one database writes the log', async () => {
  const first = await writeAll('a', 3)
  await renewEpoch(db)
  expect((await writeAll('b', 1)).epoch).toBe(first.epoch)
  expect((await db.query('SELECT FROM mediakeep.event_epochs')).rowCount).toBe(0)
})

test('after a failover that lost commits, cursors are served up to what both servers have, and refused beyond', async () => {
  const shared = await writeAll('kept', 3)
  const lost = await writeAll('lost', 5)
  await loseEventsAfter(db, 3)
  const end = await writeAll('new', 5)
  // The same number, but in another history.
  expect(end.after).toBe(lost.after)
  expect(end.epoch).not.toBe(lost.epoch)
  expect(await assertServed(db, shared)).toEqual({ ...shared, epoch: end.epoch })
  expect(await names(shared.after)).toEqual(['new0-1', 'new1-1', 'new2-1', 'new3-1', 'new4-1'])
  for (const cursor of [lost, { ...shared, seen: 1 }, { ...lost, after: 4 }]) {
    await expect(assertServed(db, cursor)).rejects.toMatchObject({
      code: 'CURSOR_UNKNOWN',
      message: expect.stringContaining(
        `it has the events up to 3 that cursor ${formatCursor(cursor)} knows`,
      ) as string,
    })
  }
})

test('a cursor is judged over all failovers since; one without an epoch belongs to the first', async () => {
  const first = await writeAll('a', 9)
  await loseEventsAfter(db, 6)
  const second = await writeAll('b', 4)
  await loseEventsAfter(db, 4)
  const third = await writeAll('c', 6)
  expect(third.after).toBe(10)
  for (const [after, isServed] of [
    [4, true],
    [5, false],
  ] as const) {
    for (const epoch of [first.epoch, second.epoch, undefined]) {
      const served = assertServed(db, { epoch, after, seen: 0 })
      if (isServed) await expect(served).resolves.toMatchObject({ epoch: third.epoch })
      else await expect(served).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' })
    }
  }
  await expect(assertServed(db, { ...third, epoch: '00000000' })).rejects.toMatchObject({
    code: 'CURSOR_UNKNOWN',
  })
})

test('a copy of the database has an epoch of its own', async () => {
  const before = await writeAll('a', 2)
  const copy = new URL(db.url)
  copy.pathname += '_copy'
  const name = copy.pathname.slice(1)
  const server = openPool(new URL('/postgres', db.url).href)
  onTestFinished(() => server.close())
  // A template must not have open connections.
  await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    new URL(db.url).pathname.slice(1),
  ])
  await server.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(db.url).pathname.slice(1)}`)
  const copied = openPool(copy.href)
  onTestFinished(async () => {
    await copied.close()
    await server.query(`DROP DATABASE ${name}`)
  })
  await write(copied, 'b')
  const after = await endOfLog(copied)
  expect(after).toMatchObject({ after: 3 })
  expect(after.epoch).not.toBe(before.epoch)
})

test('a tail takes the events of the new epoch from where the histories part, and says so', async () => {
  const own: Pool = openPool(db.url)
  onTestFinished(() => own.close())
  const numbers: number[] = []
  const epochs: EventCursor[] = []
  const tail = await openTail({
    sql: own,
    onEvents: (events: readonly LoggedEvent[]) => {
      numbers.push(...events.map(({ number }) => number))
      return Promise.resolve()
    },
    onGap: () => undefined,
    onError: () => undefined,
    onNewEpoch: (from) => void epochs.push(from),
  })
  onTestFinished(() => tail.close())
  await writeAll('a', 6)
  await expect.poll(() => numbers).toEqual([1, 2, 3, 4, 5, 6])
  await loseEventsAfter(db, 2)
  await writeAll('b', 2)
  await expect.poll(() => numbers.slice(6)).toEqual([3, 4])
  expect(epochs).toEqual([{ epoch: (await endOfLog(db)).epoch, after: 2, seen: 0 }])
})

test('any number of processes begin one epoch between them', async () => {
  await writeAll('a', 3)
  await loseEventsAfter(db, 2)
  for (let n = 0; n < 5; n++) await write(db, `b${n}`)
  await Promise.all(Array.from({ length: 8 }, () => sequenceAll(db)))
  expect((await db.query('SELECT FROM mediakeep.event_epochs')).rowCount).toBe(1)
  expect(await names(2)).toHaveLength(5)
})
