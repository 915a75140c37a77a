import { isTransient } from '@mediakeep/sql'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHangingProxy, type HangingProxy } from '@mediakeep/faults'
import { openPool, type Pool } from './pool.ts'
import { startTestServer, type TestServer } from './server.fixture.ts'
import { GRACE_MS, workerSession } from './session.ts'

/** Short limits, so that a test does not wait for half a minute. */
const BRIEF = { ...workerSession, statementMs: 500, lockMs: 250, idleInTransactionMs: 500 }

let server: TestServer
let pool: Pool
let proxy: HangingProxy

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  proxy = await openHangingProxy(server.url)
  pool = openPool(server.url, { session: BRIEF })
})
afterEach(async () => {
  await pool.close()
  await proxy.close()
})

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('it succeeded'),
    (error: unknown) => error as Error,
  )
}

test('a connection that is cut while its settings are checked fails the statement, not the process', async () => {
  proxy.cutAt('current_setting')
  const cut = openPool(proxy.url, { session: BRIEF })
  // An unhandled 'error' event would end the process: Vitest reports it and fails the run.
  expect(isTransient(await failure(cut.query('SELECT 1')))).toBe(true)
  await cut.close()
})

test('the server cancels a statement beyond the deadline', async () => {
  const error = await failure(pool.query('SELECT pg_sleep(20)'))
  expect(error).toMatchObject({ code: '57014' })
  expect(isTransient(error)).toBe(true)
})

test('a transaction that does nothing loses its connection, and with it its locks', async () => {
  await pool.query('CREATE TABLE IF NOT EXISTS held ()')
  const idle = failure(
    pool.transaction(async (sql) => {
      await sql.query('LOCK TABLE held')
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await sql.query('SELECT 1')
    }),
  )
  const waiting = await failure(pool.query('SELECT FROM held'))
  expect(waiting).toMatchObject({ code: '55P03' })
  expect(isTransient(waiting)).toBe(true)
  await expect.poll(() => failure(pool.query('SELECT FROM held'))).toMatchObject({ message: 'it succeeded' })
  expect(isTransient(await idle)).toBe(true)
})

test('a server whose packets are dropped fails statements within the deadline, and the next connection works', async () => {
  const remote = openPool(proxy.url, { session: BRIEF, max: 2 })
  await Promise.all([remote.query('SELECT 1'), remote.query('SELECT 1')])
  const inTransaction = failure(
    remote.transaction(async (sql) => {
      await sql.query('SELECT 1')
      proxy.hang()
      await sql.query('SELECT 2')
    }),
  )
  const alone = failure(remote.query('SELECT pg_sleep(0.2)'))
  const started = performance.now()
  for (const error of await Promise.all([inTransaction, alone])) expect(isTransient(error)).toBe(true)
  expect(performance.now() - started).toBeLessThan(BRIEF.statementMs + GRACE_MS + 3_000)
  proxy.recover()
  expect((await remote.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }])
  await remote.close()
})

test('a pool closes within a bound though the server does not answer', async () => {
  const remote = openPool(proxy.url, { session: { ...BRIEF, statementMs: 60_000 } })
  await Promise.all([1, 2].map(() => remote.query('SELECT pg_sleep(0.05)')))
  proxy.hang()
  const hanging = failure(remote.query('SELECT 1'))
  const started = performance.now()
  await remote.close()
  expect(performance.now() - started).toBeLessThan(13_000)
  expect(isTransient(await hanging)).toBe(true)
})

test('an abort cancels what runs in the database, and what waits for a connection', async () => {
  const single = openPool(server.url, { session: workerSession, max: 1 })
  const leaving = new AbortController()
  const database = single.cancelledBy(leaving.signal)
  const works = [
    database.transaction((sql) => sql.query('SELECT pg_sleep(20)')),
    database.query('SELECT 1'),
  ].map(failure)
  const running = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'`
  await expect.poll(async () => (await pool.query(running)).rowCount).toBe(1)
  const other = single.query('SELECT 2 AS n')
  leaving.abort(new Error('the client left'))
  for (const error of await Promise.all(works)) expect(error.message).toBe('the client left')
  expect((await other).rows).toEqual([{ n: 2 }])
  await expect.poll(async () => (await pool.query(running)).rowCount).toBe(0)
  await expect(database.query('SELECT 3')).rejects.toThrow('the client left')
  await single.close()
})

test('an abort ends the wait though the server does not answer', async () => {
  const remote = openPool(proxy.url)
  await remote.query('SELECT 1')
  proxy.hang()
  const leaving = new AbortController()
  const waiting = failure(remote.cancelledBy(leaving.signal).query('SELECT 2'))
  // Wait until it is sent.
  await new Promise((resolve) => setTimeout(resolve, 100))
  leaving.abort(new Error('the client left'))
  expect((await waiting).message).toBe('the client left')
  await remote.close()
})

test('work that was not aborted leaves its connection to the next', async () => {
  const single = openPool(server.url, { max: 1 })
  const pid = async (): Promise<unknown> => {
    const { signal } = new AbortController()
    return (await single.cancelledBy(signal).query('SELECT pg_backend_pid() AS pid')).rows[0]
  }
  expect(await pid()).toEqual(await pid())
  await single.close()
})
