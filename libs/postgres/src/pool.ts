import { createHash } from 'node:crypto'
import type { Database, Sql, SqlOptions, SqlResult } from '@mediakeep/sql'
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
    // What is asked of a connection goes out at once, in order: the answer before it is not waited for.
    pipeline: true,
    types,
  })
  // Without a listener, a backend that dies ends our process.
  pool.on('error', (error) => options.onIdleError?.(error))
  const plans: Plans = { areKept: true }
  return {
    pg: pool,
    query: (text, values, how) => again(plans, () => run(pool, plans, text, values, how)),
    transaction: (work) => again(plans, () => transact(pool, plans, work)),
    close: () => pool.end(),
  }
}

/** Whether connections keep prepared statements. Through some poolers every statement meets another connection. */
interface Plans {
  areKept: boolean
}

/** Runs it again where the connection did not know the plan: nothing was run, and nothing is prepared from now on. */
async function again<Result>(plans: Plans, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as { code?: string }
    // invalid_sql_statement_name, duplicate_prepared_statement
    if (!plans.areKept || (code !== '26000' && code !== '42P05')) throw error
    plans.areKept = false
    return work()
  }
}

async function transact<Result>(
  pool: pg.Pool,
  plans: Plans,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  const ignore = (): void => {}
  // A connection that breaks between two statements says so here; the next statement rejects anyway.
  client.on('error', ignore)
  const send = (command: string): Promise<unknown> => {
    const answer = client.query(command)
    // It is waited for later, or not at all when something before it fails.
    answer.catch(ignore)
    return answer
  }
  // Nothing waits for the answers to BEGIN and, behind the last statement, to COMMIT before it goes on: BEGIN fails
  // only where its connection does, and a COMMIT that arrives behind a statement that failed rolls back.
  const begun = send('BEGIN')
  let committed: Promise<unknown> | undefined
  let broken: Error | undefined
  try {
    const result = await work({
      query(text, values, options) {
        const answer = run<never>(client, plans, text, values, options)
        if (options?.isLast) committed = send('COMMIT')
        return answer
      },
    })
    await begun
    await (committed ?? send('COMMIT'))
    return result
  } catch (error) {
    await (committed ?? send('ROLLBACK')).catch((failed: unknown) => (broken = failed as Error))
    throw error
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

async function run<Row extends object>(
  runner: pg.Pool | pg.PoolClient,
  plans: Plans,
  text: string,
  values: readonly unknown[] = [],
  options: SqlOptions = {},
): Promise<SqlResult<Row>> {
  const name = options.prepare && plans.areKept ? { name: nameOf(text) } : {}
  const { rows, rowCount } = await runner.query<Row & pg.QueryResultRow>({
    ...name,
    text,
    values: values as unknown[],
  })
  return { rows, rowCount: rowCount ?? rows.length }
}

const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}
