import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDrill, type Drill } from './drill.fixture.ts'

let drill: Drill
beforeEach(async () => {
  drill = await openDrill()
})
afterEach(() => drill.close())

test('the archive is away for a while: nothing is forgotten, and all is archived when it is back', async () => {
  const { store, origin } = drill
  const machine = await drill.machine()
  await machine.upload(origin.posts(0, 30))
  await drill.expectWhole(30)
  await drill.note()
  store.misbehave(() => 'cut')
  await machine.upload(origin.posts(30, 30))
  await expect.poll(() => drill.note(), { timeout: 60_000 }).toBe(60)
  await expect.poll(async () => (await machine.ready()).status, { timeout: 60_000 }).toBe(503)
  expect((await machine.ready()).text).toMatch(/archive/)
  expect(machine.said().includes('archive')).toBe(true)
  store.misbehave(() => undefined)
  await drill.expectWhole(60)
  await expect.poll(async () => (await machine.ready()).status, { timeout: 60_000 }).toBe(200)
})

test('one object is refused: it alone waits, and the others are archived', async () => {
  const { store, origin, place } = drill
  let refused: string | undefined
  store.misbehave((line) => {
    if (!line.startsWith('PUT')) return undefined
    refused ??= line.split('?')[0]
    return line.startsWith(refused!) ? { status: 403, code: 'AccessDenied' } : undefined
  })
  const machine = await drill.machine()
  await machine.upload(origin.posts(0, 40))
  const archived = async (): Promise<number> =>
    (await place.db.query('SELECT FROM mediakeep.contents WHERE archive_verified_at IS NOT NULL')).rowCount
  await expect.poll(archived, { timeout: 90_000 }).toBe(39)
  await drill.note()
  const waiting = await place.db.query<{ error: string }>(
    'SELECT archive_error AS error FROM mediakeep.contents WHERE archive_url IS NULL',
  )
  expect(waiting.rows).toHaveLength(1)
  expect(waiting.rows[0]!.error).toMatch(/403|denied/i)
  store.misbehave(() => undefined)
  await place.db.query('UPDATE mediakeep.contents SET archive_not_before = now() WHERE archive_url IS NULL')
  await drill.expectWhole(40)
})
