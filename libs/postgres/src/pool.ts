import type { Database, Sql, SqlResult } from '@mediakeep/sql'
import pg from 'pg'

export interface PoolOptions {
  /** Connections at most. */
  readonly max?: number
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string
  /** Told of connections that died while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void
}

export interface Pool extends Database {
  /** The driver's pool, for adapters that need more than statements (Prisma, LISTEN, COPY). */
  readonly pg: pg.Pool
  close(): Promise<void>
}

// int8 as number: sizes and counts stay far below 2^53; ids are text.
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)

/** A pool of connections as the database port. Nothing is opened before the first statement. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'mediakeep',
    connectionTimeoutMillis: 10_000,
    types,
  })
  // Without a listener, a backend that dies ends our process.
  pool.on('error', (error) => options.onIdleError?.(error))
  return {
    pg: pool,
    query: (text, values) => run(pool, text, values),
    transaction: (work) => transact(pool, work),
    close: () => pool.end(),
  }
}

async function transact<Result>(pool: pg.Pool, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  // A connection that breaks between two statements says so here; the next statement rejects anyway.
  const ignore = (): void => {}
  client.on('error', ignore)
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work({ query: (text, values) => run(client, text, values) })
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: unknown) => (broken = failed as Error))
    throw error
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

async function run<Row extends object>(
  runner: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<SqlResult<Row>> {
  const { rows, rowCount } = await runner.query<Row & pg.QueryResultRow>(text, values as unknown[])
  return { rows, rowCount: rowCount ?? rows.length }
}
