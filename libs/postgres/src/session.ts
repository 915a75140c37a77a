/** A connection's purpose and limits. */
export interface Session {
  readonly kind: 'api' | 'worker' | 'maintenance' | 'listen'
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  /** The server cancels a statement that runs longer, in milliseconds. */
  readonly statementMs: number
  /** Milliseconds that a statement waits for a lock that another session holds. */
  readonly lockMs: number
  /** The server ends a session whose transaction is idle for longer, in milliseconds, which releases its locks. */
  readonly idleInTransactionMs: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND

/** For requests: a client is waiting for the answer. */
export const apiSession: Session = {
  kind: 'api',
  applicationName: 'mediakeep-api',
  statementMs: 10 * SECOND,
  lockMs: 5 * SECOND,
  idleInTransactionMs: 10 * SECOND,
}

/** For stages and commands: many short statements. */
export const workerSession: Session = {
  kind: 'worker',
  applicationName: 'mediakeep-worker',
  statementMs: 30 * SECOND,
  lockMs: 15 * SECOND,
  idleInTransactionMs: MINUTE,
}

/** For connections that wait for notifications. */
export const listenSession: Session = {
  kind: 'listen',
  applicationName: 'mediakeep-listen',
  statementMs: 5 * SECOND,
  lockMs: 5 * SECOND,
  idleInTransactionMs: 10 * SECOND,
}

/**
 * For a job with long statements: an index build, a backup, an export. If row-level security would hide rows, its
 * statements fail, because the job would otherwise change or verify only the rows it can see.
 */
export function maintenanceSession(job: string, statementMs: number): Session {
  return {
    kind: 'maintenance',
    applicationName: job,
    statementMs,
    lockMs: Math.min(statementMs, MINUTE),
    idleInTransactionMs: Math.min(statementMs, 10 * MINUTE),
  }
}

/**
 * Milliseconds that the client waits longer than the server. A live server has cancelled the statement by then; a dead
 * one will never answer.
 */
export const GRACE_MS = 5 * SECOND

/** Settings that our statements and result parsers rely on, whatever the database's or role's defaults are. */
export function settingsOf(session: Session): Readonly<Record<string, string>> {
  return {
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    extra_float_digits: '1',
    bytea_output: 'hex',
    standard_conforming_strings: 'on',
    row_security: session.kind === 'maintenance' ? 'off' : 'on',
    // Temporary tables last: by default they come first, and anyone may create one.
    search_path: 'public, pg_temp',
    default_transaction_isolation: 'read committed',
    statement_timeout: String(session.statementMs),
    lock_timeout: String(session.lockMs),
    idle_in_transaction_session_timeout: String(session.idleInTransactionMs),
  }
}

/** For the server's end of the connection: it detects a client that vanished, and releases its locks. */
export const KEEPALIVES: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '60000',
}
