import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, maintenanceSession } from '@mediakeep/postgres'
import type { Sql, SqlResult } from '@mediakeep/sql'
import type pg from 'pg'
import { MigrationLockError } from './errors.ts'

/** One connection, both as the client that the runner needs and as the database port. */
export interface Session {
  readonly client: pg.Client
  readonly sql: Sql
}

/** Allows for building an index on a very large table, on a slow disk, under normal load. */
const STATEMENT_MS = 24 * 3_600_000

/** Opens a dedicated session: locks and settings hold from its first statement to its last. */
export async function withSession<Result>(
  url: string,
  work: (session: Session) => Promise<Result>,
  log: (line: string) => void = () => {},
  settings: SessionSettings = {},
): Promise<Result> {
  const client = await connect(url, maintenanceSession('mediakeep-migrations', STATEMENT_MS))
  // RAISE NOTICE from a migration's block reports progress. PostgreSQL's own notices are dropped.
  client.on('notice', ({ where, message }) => {
    if (where?.includes('RAISE') && message) log(message)
  })
  try {
    await setUp(client, settings)
    return await work({ client, sql: portOf(client) })
  } finally {
    await client.end().catch(() => {})
  }
}

export interface SessionSettings {
  /** Schema search path for unqualified names; default `public`. */
  readonly searchPath?: string
}

/** Applies settings that a migrator's session needs on top of other maintenance sessions. */
async function setUp(client: pg.Client, { searchPath }: SessionSettings): Promise<void> {
  if (searchPath !== undefined)
    await client.query("SELECT set_config('search_path', $1, false)", [searchPath])
  // Makes a killed migrator's backend notice mid-statement; not every platform supports it.
  await client.query("SET client_connection_check_interval = '1s'").catch(() => {})
}

function portOf(client: pg.Client): Sql {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<SqlResult<Row>> {
      const { rows, rowCount } = await client.query<Row & pg.QueryResultRow>(text, values as unknown[])
      return { rows, rowCount: rowCount ?? rows.length }
    },
  }
}

export interface LockOptions {
  /** Lock name: one migrator at a time per history. */
  readonly name: string
  /** Milliseconds to wait for another migrator. */
  readonly waitMs: number
  readonly log: (line: string) => void
}

/**
 * Holds a session's advisory lock while `work` runs. It polls instead of waiting: the snapshot of a waiting
 * statement would deadlock with the other migrator's CREATE INDEX CONCURRENTLY.
 * @throws MigrationLockError
 */
export async function withMigrationLock<Result>(
  { client }: Session,
  options: LockOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = createHash('sha256').update(`migrations ${options.name}`).digest().readBigInt64BE().toString()
  const deadline = Date.now() + options.waitMs
  for (let attempt = 0; !(await ask(client, 'SELECT pg_try_advisory_lock($1) AS yes', key)); attempt++) {
    if (attempt === 0) options.log('another migrator is at work: waiting for it')
    if (Date.now() > deadline) {
      throw new MigrationLockError(
        `Another migrator holds the lock of ${options.name} since ${options.waitMs} ms`,
      )
    }
    await sleep(200)
  }
  await requireOwnLock(client, key)
  try {
    return await work()
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [key]).catch(() => {})
  }
}

/** Behind a pooler in transaction mode, the next statement may run in another session, without the lock. */
async function requireOwnLock(client: pg.Client, key: string): Promise<void> {
  const isOurs = `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    AND (classid::bigint << 32) | objid::bigint = $1::bigint) AS yes`
  if (!(await ask(client, isOurs, key))) {
    throw new MigrationLockError(
      'The connection does not keep its session (a pooler in transaction mode?): set DIRECT_DATABASE_URL',
    )
  }
}

async function ask(client: pg.Client, question: string, key: string): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(question, [key])
  return rows[0]?.yes === true
}
