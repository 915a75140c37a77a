import { listen, openPool, type Pool } from '@mediakeep/postgres'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CursorExpiredError } from './errors.ts'
import { gate, write } from './log.fixture.ts'
import { pruneEvents } from './prune-events.ts'
import type { LoggedEvent } from './read-events.ts'
import { sequenceAll } from './sequence-events.ts'
import { openTail, type Listen, type Tail } from './tail.ts'

let db: TestDatabase
let own: Pool
let tails: Tail[]
beforeEach(async () => {
  db = await createTestDatabase()
  own = openPool(db.url)
  tails = []
})
afterEach(async () => {
  await Promise.all(tails.map((tail) => tail.close()))
  await own.close()
  await db.drop()
})

const heard: Listen = (channel, onSignal) => listen({ url: db.url, channel, onSignal })

async function follow(
  options: { listen?: Listen; pollMs?: number; slow?: () => Promise<void> } = {},
): Promise<{ numbers: number[]; largest: number; gaps: number[]; errors: unknown[] }> {
  const taken = { numbers: [] as number[], largest: 0, gaps: [] as number[], errors: [] as unknown[] }
  const onEvents = async (events: readonly LoggedEvent[]): Promise<void> => {
    await options.slow?.()
    taken.numbers.push(...events.map(({ number }) => number))
    taken.largest = Math.max(taken.largest, events.length)
  }
  const onError = (error: unknown): void => void taken.errors.push(error)
  const onGap = ({ pruned }: CursorExpiredError): void => void taken.gaps.push(pruned)
  tails.push(await openTail({ ...options, sql: own, onEvents, onGap, onError }))
  return taken
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

test('a tail begins at the end of the log, and takes each event that follows once, in order', async () => {
  await write(db, 'before')
  const taken = await follow()
  for (let n = 0; n < 200; n++) await write(db, `${n}`)
  await expect.poll(() => taken.numbers.length).toBe(200)
  expect(taken.numbers).toEqual(upTo(201).slice(1))
})

test('without any notification the log is polled', async () => {
  const taken = await follow({ listen: () => ({ isHearing: false, close: () => Promise.resolve() }) })
  await write(db, 'one')
  await expect.poll(() => taken.numbers).toEqual([1])
})

test('what another process numbers is heard at once, however seldom the log is polled', async () => {
  const taken = await follow({ listen: heard, pollMs: 60_000 })
  await expect
    .poll(async () => (await db.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT 1'`)).rowCount)
    .toBeGreaterThan(0)
  for (let n = 1; n <= 5; n++) {
    await write(db, `${n}`)
    await sequenceAll(db)
    await expect.poll(() => taken.numbers, { timeout: 1000 }).toEqual(upTo(n))
  }
})

test('dropped database connections, the listening one too, are made anew and caught up', async () => {
  const taken = await follow({ listen: heard })
  const others = await follow({ listen: heard })
  for (let n = 1; n <= 30; n++) {
    await write(db, `${n}`)
    if (n % 5 === 0)
      await db
        .query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined)
  }
  await expect.poll(() => taken.numbers.length, { timeout: 60_000 }).toBe(30)
  expect(taken.numbers).toEqual(upTo(30))
  await expect.poll(() => others.numbers).toEqual(upTo(30))
  // Once it listens again, a number assigned by another process arrives without polling.
  await expect
    .poll(
      async () =>
        (await db.query(`SELECT FROM pg_stat_activity WHERE application_name = 'mediakeep-listen'`)).rowCount,
    )
    .toBe(2)
})

test('a taker that is slow is given bounded reads', async () => {
  const taken = await follow({ slow: () => new Promise((resolve) => setTimeout(resolve, 20)) })
  await db.query(
    `INSERT INTO mediakeep.events (kind, changes) SELECT 'media', '[]' FROM generate_series(1, 500)`,
  )
  await expect.poll(() => taken.numbers.length).toBe(500)
  expect(taken.numbers).toEqual(upTo(500))
  expect(taken.largest).toBeLessThanOrEqual(64)
})

test.each([
  ['all', ['young']],
  ['some', []],
])('a tail goes on where %s events that it had not taken are pruned', async (what, later) => {
  const [reading, held] = [gate(), gate()]
  const taken = await follow({
    slow: () => {
      reading.open()
      return held.opened
    },
  })
  await write(db, 'taken')
  await sequenceAll(db)
  await reading.opened
  for (const name of ['pruned', 'pruned too']) await write(db, name)
  await sequenceAll(db)
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '1 hour'`)
  if (what === 'some') await write(db, 'kept')
  await pruneEvents(db, { keepSeconds: 60 })
  held.open()
  await expect.poll(() => taken.gaps).toEqual([3])
  for (const name of later) await write(db, name)
  await expect.poll(() => taken.numbers.at(-1)).toBe(4)
  await write(db, 'last')
  await expect.poll(() => taken.numbers.at(-1)).toBe(5)
  expect(taken.gaps).toEqual([3])
  expect(taken.errors).toEqual([])
})
