import { setTimeout as sleep } from 'node:timers/promises'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi
beforeEach(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db)
})
afterEach(async () => {
  await api.close()
  await db.drop()
})

test('the statements of a client that left are cancelled, long before their deadline', async () => {
  const waiting = async (): Promise<number> => {
    const { rowCount } = await db.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = 'post_media'::regclass`,
    )
    return rowCount
  }
  await db.transaction(async (sql) => {
    await sql.query('LOCK TABLE post_media IN ACCESS EXCLUSIVE MODE')
    const leaving = new AbortController()
    const asked = Array.from({ length: 3 }, () =>
      fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ mediaItems(first: 1) { edges { node { id } } } }' }),
        signal: leaving.signal,
      }).catch(() => undefined),
    )
    await expect.poll(waiting, { timeout: 60_000 }).toBeGreaterThanOrEqual(3)
    leaving.abort()
    await Promise.all(asked)
    await sleep(500)
    expect(await waiting()).toBe(0)
  })
})
