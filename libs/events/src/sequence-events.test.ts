import { setTimeout as sleep } from 'node:timers/promises'
import { openPool } from '@mediakeep/postgres'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gate, write } from './log.fixture.ts'
import { readEvents } from './read-events.ts'
import { sequenceAll, sequenceEvents } from './sequence-events.ts'
import { openSequencer } from './sequencer.ts'

const SETTLE_MS = 1050

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

async function names(after = 0): Promise<string[]> {
  const events = await readEvents(db, after, { limit: 10_000 })
  return events.flatMap(({ changes }) =>
    (changes as readonly { mediaId: string }[]).map(({ mediaId }) => mediaId),
  )
}

/** Opens a transaction that writes an event and stays open until the returned function is called. */
async function openTransaction(name: string): Promise<() => Promise<void>> {
  const [written, end] = [gate(), gate()]
  const ended = db.transaction(async (sql) => {
    await write(sql, name)
    written.open()
    await end.opened
  })
  await written.opened
  return async () => {
    end.open()
    await ended
  }
}

test('of two transactions the later commits first: it gets the lower number, and nobody misses the other', async () => {
  const commitFirst = await openTransaction('first')
  await write(db, 'second')
  expect(await sequenceAll(db)).toBe(1)
  expect(await names()).toEqual(['second-1'])
  await commitFirst()
  expect(await sequenceAll(db)).toBe(2)
  expect(await names(1)).toEqual(['first-1'])
})

test('a transaction that stays open stalls nobody', async () => {
  const commit = await openTransaction('open')
  for (let n = 0; n < 20; n++) await write(db, `other${n}`)
  expect(await sequenceAll(db)).toBe(20)
  await commit()
  expect(await sequenceAll(db)).toBe(21)
})

test('an open transaction anywhere does not make rounds pass over all that was numbered since', async () => {
  const above: number[] = []
  const sequencer = openSequencer({
    query: (text, values) => {
      if (text.includes('picked')) above.push(Number(values![0]))
      return db.query(text, values)
    },
  })
  const reader = openPool(db.url, { max: 1 })
  const end = gate()
  const snapshot = reader.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await sql.query('SELECT pg_current_xact_id()')
    await end.opened
  })
  for (let n = 0; n < 3; n++) {
    await db.query(
      `INSERT INTO mediakeep.events (kind, changes) SELECT 'media', '[]' FROM generate_series(1, 1000)`,
    )
    await sequencer.round()
  }
  await sleep(SETTLE_MS)
  await write(db, 'last')
  await sequencer.round()
  await sequencer.round()
  expect(above.at(-1)).toBeGreaterThanOrEqual(1000)
  end.open()
  await snapshot
  await reader.close()
})

test('while one who wrote an event is not done, nothing behind it counts as settled', async () => {
  const sequencer = openSequencer(db)
  const commit = await openTransaction('open')
  for (let n = 0; n < 3; n++) {
    await write(db, `other${n}`)
    await sequencer.round()
    await sleep(SETTLE_MS)
  }
  await commit()
  expect(await sequencer.round()).toMatchObject({ numbered: 1, last: 4 })
})

test('many sequencers and writers at once: numbers without gap or repeat, each event once', async () => {
  const sequencers = Promise.all(
    [1, 2, 3, 4].map(async () => {
      for (let n = 0; n < 60; n++) await sequenceEvents(db)
    }),
  )
  await Promise.all(
    [1, 2, 3, 4].map(async (writer) => {
      for (let n = 0; n < 50; n++) await write(db, `${writer}/${n}`)
    }),
  )
  await sequencers
  expect(await sequenceAll(db)).toBe(200)
  const { rows } = await db.query<{ number: number }>('SELECT number FROM mediakeep.events ORDER BY number')
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1))
  expect(new Set(await names()).size).toBe(200)
  // Each writer's events keep their order.
  for (const writer of [1, 2, 3, 4])
    expect((await names()).filter((name) => name.startsWith(`${writer}/`))).toEqual(
      Array.from({ length: 50 }, (_, n) => `${writer}/${n}-1`),
    )
})

test('who finds the log locked goes its way, and numbers later', async () => {
  const end = gate()
  const holding = gate()
  const holder = db.transaction(async (sql) => {
    await sql.query('SELECT FROM mediakeep.event_log FOR UPDATE')
    holding.open()
    await end.opened
  })
  await holding.opened
  await write(db, 'one')
  expect(await sequenceEvents(db)).toMatchObject({ numbered: 0, last: 0 })
  end.open()
  await holder
  expect(await sequenceEvents(db)).toMatchObject({ numbered: 1, last: 1 })
})

test('without work nothing is locked and nothing written', async () => {
  await write(db, 'one')
  await sequenceAll(db)
  const xid = async (): Promise<unknown> =>
    (await db.query<{ x: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS x')).rows[0]!.x
  const before = await xid()
  for (let n = 0; n < 10; n++) await sequenceEvents(db)
  expect(await xid()).toBe(before)
})

test('the notification carries the number and nothing else', async () => {
  const listener = await db.pg.connect()
  const heard: (string | undefined)[] = []
  listener.on('notification', ({ payload }) => heard.push(payload))
  await listener.query('LISTEN mediakeep_events')
  await write(db, 'x'.repeat(10_000))
  await sequenceAll(db)
  await expect.poll(() => heard).toEqual(['1'])
  listener.release(true)
})
