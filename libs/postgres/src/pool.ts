import { createHash } from 'node:crypto'
import type { CancellableDatabase, Database, Sql, SqlOptions, SqlResult } from '@mediakeep/sql'
import type pg from 'pg'
import { SessionPool, type Runner } from './session-pool.ts'
import { workerSession, type Session } from './session.ts'
import { withClient } from './with-client.ts'

export interface PoolOptions {
  /** Default: a worker session. */
  readonly session?: Session
  /** Maximum number of connections. */
  readonly max?: number
  /** Called when an idle connection dies; the pool replaces it automatically. */
  readonly onIdleError?: (error: Error) => void
}

export interface Pool extends CancellableDatabase {
  /** The driver's pool, for adapters that need more than statements (Prisma, COPY). */
  readonly pg: pg.Pool
  /** Waits for running statements to end, up to a limit. */
  close(): Promise<void>
}

/** Wraps a connection pool as the database port. Opens no connection before the first statement. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new SessionPool(url, options.session ?? workerSession, options.max ?? 10)
  // Without a listener, a backend that dies would end our process.
  pool.on('error', (error) => {
    // The driver attaches the connection, which logs would print with all its prepared statements.
    delete (error as { client?: unknown }).client
    options.onIdleError?.(error)
  })
  const plans: Plans = { areKept: true }
  return {
    pg: pool,
    ...databaseOf(pool, plans),
    cancelledBy: (signal) => databaseOf(pool, plans, signal),
    close: () => pool.close(),
  }
}

function databaseOf(pool: SessionPool, plans: Plans, signal?: AbortSignal): Database {
  return {
    query: <Row extends object>(text: string, values?: readonly unknown[], options?: SqlOptions) =>
      withoutLostPlans(plans, () => run<Row>(pool.during(signal), plans, text, values, options)),
    transaction: (work) => withoutLostPlans(plans, () => transact(pool, plans, work, signal)),
  }
}

/** True while connections keep prepared statements. Some poolers may use a different connection per statement. */
interface Plans {
  areKept: boolean
}

/** Retries if the connection did not know the plan: nothing has run yet, and nothing is prepared from now on. */
async function withoutLostPlans<Result>(plans: Plans, work: () => Promise<Result>): Promise<Result> {
  // The value when this call began: concurrent calls fail the same way and must retry too.
  const { areKept } = plans
  try {
    return await work()
  } catch (error) {
    const { code } = error as { code?: string }
    // invalid_sql_statement_name, duplicate_prepared_statement
    if (!areKept || (code !== '26000' && code !== '42P05')) throw error
    plans.areKept = false
    return work()
  }
}

const ignore = (): void => {}

function transact<Result>(
  pool: SessionPool,
  plans: Plans,
  work: (sql: Sql) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  return withClient(pool, signal, async ({ client, markBroken }) => {
    const send = (command: string): Promise<unknown> => {
      const answer = client.query(command)
      // Awaited later, or not at all if an earlier step fails.
      answer.catch(ignore)
      return answer
    }
    // Neither the answer to BEGIN nor that to a COMMIT sent after the last statement is awaited first: BEGIN fails only
    // if its connection does, and a COMMIT that arrives after a failed statement rolls back.
    const begun = send(pool.begin)
    let committed: Promise<unknown> | undefined
    try {
      const result = await work({
        query(text, values, options) {
          signal?.throwIfAborted()
          const answer = run<never>(client, plans, text, values, options)
          if (options?.isLast) committed = send('COMMIT')
          return answer
        },
      })
      await begun
      await (committed ?? send('COMMIT'))
      return result
    } catch (error) {
      await (committed ?? send('ROLLBACK')).catch(markBroken)
      throw error
    }
  })
}

async function run<Row extends object>(
  runner: Runner,
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
