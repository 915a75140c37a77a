import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { change, CHANGED, mediaId, openStream, type Stream } from './streams.fixture.ts'

let db: TestDatabase
let api: TestApi
beforeEach(async () => {
  db = await createTestDatabase()
  await seed(db, 2, 2)
  api = await startTestApi(db)
})
afterEach(async () => {
  await api.close()
  await db.drop()
})

async function watch(variables: object = {}): Promise<Stream> {
  const stream = await openStream(api.url, CHANGED, variables)
  onTestFinished(() => stream.cut())
  await expect.poll(() => stream.messages.length).toBeGreaterThan(0)
  return stream
}

/** Simulates a failover to a server that lacks the commits after event `last`. */
async function failOver(last: number): Promise<void> {
  await db.transaction(async (sql) => {
    await sql.query('DELETE FROM mediakeep.events WHERE number > $1', [last])
    await sql.query(`UPDATE mediakeep.event_log SET last_number = $1, origin = '7/00000001/5'`, [last])
  })
}

test('after a failover that lost events, streams end, and go on from what both servers have or are told to reload', async () => {
  const stream = await watch()
  const fates = ['gone', 'failed', 'blocked', 'gone']
  for (const fate of fates) await change(db, fate, mediaId(1))
  await expect.poll(() => stream.changes.length).toBe(4)
  await failOver(2)
  await change(db, 'waiting', mediaId(2))
  await expect.poll(() => stream.isOver).toBe(true)
  // Not "complete", so that clients reconnect with their cursor.
  expect(stream.messages.at(-1)!.event).not.toBe('complete')

  const shared = await watch({ after: stream.changes[1]!['cursor'] })
  await expect.poll(() => shared.changes.map((one) => one['mediaId'])).toEqual([mediaId(2)])
  const lost = await watch({ after: stream.changes[2]!['cursor'] })
  await expect.poll(() => lost.isOver).toBe(true)
  expect(lost.messages[0]!.data).toContain('"CURSOR_UNKNOWN"')

  await change(db, 'expired', mediaId(2))
  await expect.poll(() => shared.changes.map((one) => one['status'])).toEqual(['waiting', 'expired'])
})
