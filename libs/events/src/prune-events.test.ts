import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseCursor, type EventCursor } from './cursor.ts'
import { write } from './log.fixture.ts'
import { pruneEvents } from './prune-events.ts'
import { assertServed, readEvents } from './read-events.ts'
import { sequenceAll } from './sequence-events.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const served = (cursor: string): Promise<EventCursor> => assertServed(db, parseCursor(cursor))

test('events are pruned by age, in bounded statements, and the highest number stays', async () => {
  for (let n = 0; n < 5; n++) await write(db, `old${n}`)
  await db.query(
    `INSERT INTO mediakeep.events (kind, changes) SELECT 'media', '[]' FROM generate_series(1, 2500)`,
  )
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '8 days'`)
  await sequenceAll(db)
  await write(db, 'young')
  expect(await pruneEvents(db, { keepSeconds: 7 * 86_400 })).toBe(2505)
  expect(await pruneEvents(db, { keepSeconds: 7 * 86_400 })).toBe(0)
  expect((await readEvents(db, 2505, { limit: 10 })).map(({ number }) => number)).toEqual([2506])
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '8 days'`)
  expect(await pruneEvents(db, { keepSeconds: 7 * 86_400 })).toBe(1)
  await write(db, 'next')
  expect(await sequenceAll(db)).toBe(2507)
  await expect(served('2506')).resolves.toMatchObject({ seen: expect.any(Number) as number })
})

test('a cursor older than what was pruned is refused, and the error says so', async () => {
  for (let n = 0; n < 3; n++) await write(db, `${n}`, 3)
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '1 hour' WHERE event_id < 3`)
  await pruneEvents(db, { keepSeconds: 60 })
  await expect(served('1')).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    message: expect.stringMatching(
      /after cursor 1 are pruned; the oldest cursor still served is 2/,
    ) as string,
  })
  await expect(served('1.2')).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  await expect(served('2')).resolves.toMatchObject({ seen: expect.any(Number) as number })
  await expect(served('2.1')).resolves.toMatchObject({ seen: expect.any(Number) as number })
  await expect(readEvents(db, 1, { limit: 10 })).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
})

test('a cursor ahead of the log is refused: it is of another database', async () => {
  await write(db, 'one')
  await sequenceAll(db)
  await expect(served('1')).resolves.toMatchObject({ seen: expect.any(Number) as number })
  await expect(served('1.1')).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' })
  await expect(served('2')).rejects.toMatchObject({ code: 'CURSOR_UNKNOWN' })
})

test('a young event is not pruned for standing among old ones', async () => {
  for (let n = 0; n < 3; n++) await write(db, `${n}`)
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '1 hour' WHERE event_id <> 2`)
  expect(await pruneEvents(db, { keepSeconds: 60 })).toBe(1)
  expect((await readEvents(db, 1, { limit: 10 })).map(({ number }) => number)).toEqual([2, 3])
})

test('who reads on where everything is pruned is told so, and not that nothing follows', async () => {
  for (let n = 0; n < 3; n++) await write(db, `${n}`)
  await sequenceAll(db)
  await db.query(`UPDATE mediakeep.events SET created_at = now() - interval '1 hour'`)
  await pruneEvents(db, { keepSeconds: 60 })
  for (const options of [{ limit: 10 }, { limit: 10, through: 2 }])
    await expect(readEvents(db, 1, options)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', pruned: 3 })
  expect(await readEvents(db, 3, { limit: 10 })).toEqual([])
})
