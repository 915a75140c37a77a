import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPool, type Pool } from './pool.ts'

let folder: string
let server: EmbeddedPostgres
let pool: Pool
let idleErrors: Error[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-pool-'))
  await chmod(folder, 0o755)
  server = await openEmbeddedPostgres(join(folder, 'postgres'), { settings: ['fsync=off'] })
}, 60_000)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
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
