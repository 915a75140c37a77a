import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { createDatabase } from './create-database.ts'
import { DatabaseEncodingError } from './errors.ts'
import { listen } from './listen.ts'
import { openPool } from './pool.ts'
import { startTestServer, type TestServer } from './server.fixture.ts'
import { apiSession, listenSession, maintenanceSession, workerSession } from './session.ts'

let server: TestServer
let url: string

const STRANGE = [
  `DateStyle = 'German, DMY'`,
  `IntervalStyle = 'sql_standard'`,
  `TimeZone = 'Pacific/Chatham'`,
  'extra_float_digits = -5',
  `bytea_output = 'escape'`,
  'standard_conforming_strings = off',
  'row_security = off',
  'search_path = theirs',
  'statement_timeout = 0',
  'lock_timeout = 0',
  'idle_in_transaction_session_timeout = 0',
  `default_transaction_isolation = 'serializable'`,
]

const READ = `SELECT '2026-11-30 12:00:00.25+00'::timestamptz AS at, '2026-11-30 12:00:00.25+00'::timestamptz::text AS text,
  interval '1 day 2 hours'::text AS interval, (1::float8 / 3)::text AS third, 'ä'::bytea AS bytes, 'a\\b' AS backslash,
  current_setting('row_security') AS row_security, current_schema AS schema,
  current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
  current_setting('idle_in_transaction_session_timeout') AS idle,
  current_setting('transaction_isolation') AS isolation, current_setting('application_name') AS application`

const EXPECTED = {
  at: new Date('2026-11-30T12:00:00.250Z'),
  text: '2026-11-30 12:00:00.25+00',
  interval: '1 day 02:00:00',
  third: '0.3333333333333333',
  bytes: Buffer.from('ä'),
  backslash: 'a\\b',
  schema: 'public',
  isolation: 'read committed',
}

const SESSIONS = [
  [
    apiSession,
    { row_security: 'on', statement: '10s', lock: '5s', idle: '10s', application: 'mediakeep-api' },
  ],
  [
    workerSession,
    { row_security: 'on', statement: '30s', lock: '15s', idle: '1min', application: 'mediakeep-worker' },
  ],
  [
    maintenanceSession('mediakeep-backup', 3_600_000),
    { row_security: 'off', statement: '1h', lock: '1min', idle: '10min', application: 'mediakeep-backup' },
  ],
  [
    listenSession,
    { row_security: 'on', statement: '5s', lock: '5s', idle: '10s', application: 'mediakeep-listen' },
  ],
] as const

beforeAll(async () => {
  server = await startTestServer()
  url = await createDatabase(server.url, 'strange')
  const client = await connect(server.url, workerSession)
  for (const setting of STRANGE) await client.query(`ALTER DATABASE strange SET ${setting}`)
  await client.end()
})
afterAll(() => server.close())

describe.each(SESSIONS)('a session of $kind', (session, expected) => {
  test('reads the same, whatever the database is set to', async () => {
    const pool = openPool(url, { session })
    expect((await pool.query(READ)).rows).toEqual([{ ...EXPECTED, ...expected }])
    expect((await pool.query('SHOW tcp_keepalives_idle')).rows).toEqual([{ tcp_keepalives_idle: '30' }])
    await pool.close()
    const client = await connect(url, session)
    expect((await client.query<object>(READ)).rows).toEqual([{ ...EXPECTED, ...expected }])
    await client.end()
  })

  test('keeps its deadline where the URL names another one', async () => {
    const careless = new URL(url)
    careless.search = '?statement_timeout=0&query_timeout=0&lock_timeout=0&options=-c%20statement_timeout%3D0'
    const pool = openPool(careless.href, { session })
    expect((await pool.query('SHOW statement_timeout')).rows).toEqual([
      { statement_timeout: expected.statement },
    ])
    await pool.close()
  })
})

test('notifications arrive from a database with strange settings', async () => {
  let signals = 0
  const listening = listen({ url, channel: 'news', onSignal: () => signals++ })
  await expect.poll(() => signals).toBe(1)
  const pool = openPool(url)
  await pool.query(`NOTIFY news`)
  await expect.poll(() => signals).toBe(2)
  await Promise.all([listening.close(), pool.close()])
})

test('a database that does not store UTF-8 is refused with the reason', async () => {
  const client = await connect(server.url, workerSession)
  await client.query(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
  await client.end()
  const latin = new URL(server.url)
  latin.pathname = '/latin'
  await expect(connect(latin.href, workerSession)).rejects.toThrow(DatabaseEncodingError)
  const pool = openPool(latin.href)
  await expect(pool.query('SELECT 1')).rejects.toThrow(/stores LATIN1.*needs UTF8/)
  await pool.close()
})

test('nothing else in the sources opens a connection', () => {
  const root = join(import.meta.dirname, '../../..')
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.js'],
    { cwd: root },
  )
    .toString()
    .split('\n')
    .filter(
      (path) =>
        existsSync(join(root, path)) &&
        /^(apps|libs|tools)\//.test(path) &&
        !/\.(test|fixture)\.tsx?$|^libs\/(testing|postgres)\//.test(path),
    )
  expect(files.length).toBeGreaterThan(300)
  const offenders = files.filter((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    // Importing types from the driver is allowed; importing values could open connections.
    return /^import (?!type\b).*from '(pg|pg-pool|pg-native|postgres)'|require\('pg'\)|import\('pg'\)/m.test(
      text,
    )
  })
  expect(offenders).toEqual([])
})
