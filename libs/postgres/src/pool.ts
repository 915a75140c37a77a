import { createHash } from 'node:crypto'
import type { CancellableDatabase, Database, Sql, SqlOptions, SqlResult } from '@mediakeep/sql'
import type pg from 'pg'
import { SessionPool, type Runner } from './session-pool.ts'
import { workerSession, type Session } from './session.ts'
import { withClient } from './with-client.ts'

export interface PoolOptions {
  /** A worker's unless given. */
  readonly session?: Session
  /** Connections at most. */
  readonly max?: number
  /** Called for connections that died while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void
}

export interface Pool extends CancellableDatabase {
  /** The driver's pool, for adapters that need more than statements (Prisma, COPY). */
  readonly pg: pg.Pool
  /** Lets statements under way end, within a bound. */
  close(): Promise<void>
}

/** A pool of connections as the database port. Nothing is opened before the first statement. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new SessionPool(url, options.session ?? workerSession, options.max ?? 10)
  // Without a listener, a backend that dies ends our process.
  pool.on('error', (error) => {
    // The driver adds the connection, which logs would print with all its prepared statements.
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

/** Whether connections keep prepared statements. Through some poolers every statement meets another connection. */
interface Plans {
  areKept: boolean
}

/** Runs it again where the connection did not know the plan: nothing was run, and nothing is prepared from now on. */
async function withoutLostPlans<Result>(plans: Plans, work: () => Promise<Result>): Promise<Result> {
  // As it was when this call began: others that began at the same time fail the same way.
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
      // It is waited for later, or not at all when something before it fails.
      answer.catch(ignore)
      return answer
    }
    // Nothing waits for the answers to BEGIN and, behind the last statement, to COMMIT before it goes on: BEGIN fails
    // only where its connection does, and a COMMIT that arrives behind a statement that failed rolls back.
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
