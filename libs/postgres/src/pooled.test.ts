import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { createDatabase } from './create-database.ts'
import { hasPgbouncer, startPgbouncer, type Pgbouncer } from './pgbouncer.fixture.ts'
import { openPool } from './pool.ts'
import { startTestServer, type TestServer } from './server.fixture.ts'
import { apiSession, workerSession } from './session.ts'

const READ = `SELECT '2026-11-30 12:00:00+00'::timestamptz AS at, current_setting('statement_timeout') AS statement,
  current_setting('search_path') AS path, current_setting('DateStyle') AS style`
const EXPECTED = {
  at: new Date('2026-11-30T12:00:00Z'),
  statement: '10s',
  path: 'public, pg_temp',
  style: 'ISO, MDY',
}

/** PgBouncer rejects unknown parameters of the startup message, or drops those that it is configured to ignore. */
const KINDS = [
  ['refuses settings at the start', ''],
  [
    'drops settings at the start',
    `ignore_startup_parameters = IntervalStyle, extra_float_digits, bytea_output, row_security, search_path,
 default_transaction_isolation, statement_timeout, lock_timeout, idle_in_transaction_session_timeout,
 tcp_keepalives_idle, tcp_keepalives_interval, tcp_keepalives_count, tcp_user_timeout`.replaceAll('\n', ''),
  ],
] as const

describe.runIf(hasPgbouncer).each(KINDS)('behind PgBouncer in transaction mode, which %s', (_kind, extra) => {
  let server: TestServer
  let pooler: Pgbouncer

  beforeAll(async () => {
    server = await startTestServer()
    const url = await createDatabase(server.url, 'pooled')
    const client = await connect(url, workerSession)
    await client.query(`ALTER DATABASE pooled SET DateStyle = 'German, DMY'`)
    await client.query(`ALTER DATABASE pooled SET search_path = theirs`)
    await client.end()
    pooler = await startPgbouncer(url, extra)
  })
  afterAll(async () => {
    await pooler.close()
    await server.close()
  })

  test('every statement and transaction has its settings, and leaves none to others', async () => {
    const pool = openPool(pooler.url, { session: apiSession })
    const { signal } = new AbortController()
    for (const sql of [pool, pool.cancelledBy(signal)]) {
      expect((await sql.query(READ)).rows).toEqual([EXPECTED])
      const inside = await sql.transaction((inner) => inner.query(READ, [], { isLast: true }))
      expect(inside.rows).toEqual([EXPECTED])
    }
    expect((await pool.pg.query<object>(READ)).rows).toEqual([EXPECTED])
    await expect(pool.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
    expect((await pool.query(READ)).rows).toEqual([EXPECTED])
    const worker = openPool(pooler.url)
    expect((await worker.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '30s' }])
    await Promise.all([pool.close(), worker.close()])
  })

  test('statements that are first prepared at the same time all succeed', async () => {
    const pool = openPool(pooler.url, { max: 20 })
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => pool.query('SELECT $1::int AS n', [1], { prepare: true })),
    )
    expect(answers.every(({ rows }) => rows[0]?.['n'] === 1)).toBe(true)
    await pool.close()
  })

  test('a connection of its own has its settings where the session is kept', async () => {
    const client = await connect(pooler.url, workerSession)
    await client.query('BEGIN')
    expect((await client.query<object>('SHOW search_path')).rows).toEqual([
      { search_path: 'public, pg_temp' },
    ])
    await client.query('COMMIT')
    await client.end()
  })
})
