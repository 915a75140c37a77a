import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPool, type Pool } from './pool.ts'
import { startTestServer, type TestServer } from './server.fixture.ts'

let server: TestServer
let pool: Pool
let idleErrors: Error[]

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  idleErrors = []
  pool = openPool(server.url, { onIdleError: (error) => idleErrors.push(error) })
  await pool.query('DROP TABLE IF EXISTS kept')
  await pool.query('CREATE TABLE kept (n bigint)')
})
afterEach(() => pool.close())

const cutAllOthers = (from: Pool): Promise<unknown> =>
  from.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL',
  )

test('a transaction is kept whole or not at all', async () => {
  await pool.transaction((sql) => sql.query('INSERT INTO kept VALUES (1)'))
  const failing = pool.transaction(async (sql) => {
    await sql.query('INSERT INTO kept VALUES (2)')
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect((await pool.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }])
})

test('what is sent behind the last statement commits it, or rolls back all when it failed', async () => {
  const insert = (first: number, last: string): Promise<unknown> =>
    pool.transaction(async (sql) => {
      await sql.query('INSERT INTO kept VALUES ($1)', [first])
      return await sql.query(`INSERT INTO kept VALUES (${last})`, [], { isLast: true })
    })
  expect(await insert(1, '2')).toMatchObject({ rowCount: 1 })
  await expect(insert(3, '4 / 0')).rejects.toMatchObject({ code: '22012' })
  expect((await pool.query('SELECT n FROM kept ORDER BY n')).rows).toEqual([{ n: 1 }, { n: 2 }])
  // The connection is still usable.
  expect((await pool.query('SELECT now() = statement_timestamp() AS is_free')).rows).toEqual([
    { is_free: true },
  ])
  expect(pool.pg.totalCount).toBe(1)
})

test('statements of a transaction that nobody waited for one by one run in their order', async () => {
  await pool.transaction((sql) =>
    Promise.all([5, 6, 7].map((n) => sql.query('INSERT INTO kept SELECT $1::int + count(*) FROM kept', [n]))),
  )
  expect((await pool.query('SELECT n FROM kept ORDER BY n')).rows).toEqual([{ n: 5 }, { n: 7 }, { n: 9 }])
})

test('a commit that fails rejects the transaction', async () => {
  await pool.query('CREATE TABLE IF NOT EXISTS parents (n int PRIMARY KEY)')
  await pool.query('CREATE TABLE orphans (n int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)')
  for (const isLast of [true, false]) {
    const orphaned = pool.transaction((sql) => sql.query('INSERT INTO orphans VALUES (1)', [], { isLast }))
    await expect(orphaned).rejects.toMatchObject({ code: '23503' })
  }
  expect((await pool.query('SELECT FROM orphans')).rowCount).toBe(0)
})

test('idle connections that die are told of and replaced, and the process lives', async () => {
  await Promise.all([1, 2, 3].map(() => pool.query('SELECT pg_sleep(0.05)')))
  const operator = openPool(server.url)
  await cutAllOthers(operator)
  await expect.poll(() => pool.pg.idleCount).toBe(0)
  expect(idleErrors.length).toBeGreaterThan(0)
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await operator.close()
})

test('a connection that dies inside a transaction rejects it, and the next one works', async () => {
  const operator = openPool(server.url)
  const broken = pool.transaction(async (sql) => {
    await sql.query('INSERT INTO kept VALUES (3)')
    await cutAllOthers(operator)
    await sql.query('INSERT INTO kept VALUES (4)')
  })
  await expect(broken).rejects.toThrow()
  expect((await pool.query('SELECT n FROM kept')).rows).toEqual([])
  await operator.close()
})

test('a plan that the connection does not keep, as behind some poolers, is done without', async () => {
  const single = openPool(server.url, { max: 1 })
  const ask = (): Promise<unknown> =>
    single.transaction(async (sql) => (await sql.query('SELECT $1::int AS n', [1], { prepare: true })).rows)
  expect(await ask()).toEqual([{ n: 1 }])
  await single.query('DEALLOCATE ALL')
  expect(await ask()).toEqual([{ n: 1 }])
  expect((await single.query('SELECT FROM pg_prepared_statements')).rowCount).toBe(0)
  await single.close()
})
