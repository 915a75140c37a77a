/** Why a connection is open, and how long one of its statements may take. */
export interface Session {
  readonly kind: 'api' | 'worker' | 'maintenance' | 'listen'
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  /** The server cancels a statement that runs longer. */
  readonly statementMs: number
  /** How long a statement waits for a lock that another session holds. */
  readonly lockMs: number
  /** The server ends a session whose transaction does nothing for longer, and so releases its locks. */
  readonly idleInTransactionMs: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Somebody waits for the answer. */
export const apiSession: Session = {
  kind: 'api',
  applicationName: 'mediakeep-api',
  statementMs: 10 * SECOND,
  lockMs: 5 * SECOND,
  idleInTransactionMs: 10 * SECOND,
}

/** Stages and commands: short statements, many of them. */
export const workerSession: Session = {
  kind: 'worker',
  applicationName: 'mediakeep-worker',
  statementMs: 30 * SECOND,
  lockMs: 15 * SECOND,
  idleInTransactionMs: MINUTE,
}

/** Waits for notifications. */
export const listenSession: Session = {
  kind: 'listen',
  applicationName: 'mediakeep-listen',
  statementMs: 5 * SECOND,
  lockMs: 5 * SECOND,
  idleInTransactionMs: 10 * SECOND,
}

/**
 * A job whose statements may take long: an index build, a backup, an export. Row-level security that would hide rows
 * from it is an error, because the job would change or verify only the rows that it sees.
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
 * How much longer than the server the client waits. A server that is alive has cancelled the statement by then; one
 * that is not will never answer.
 */
export const GRACE_MS = 5 * SECOND

/** What our statements and the parsers of their results rely on, whatever the database or role is set to. */
export function settingsOf(session: Session): Readonly<Record<string, string>> {
  return {
    DateStyle: 'ISO, MDY',
    IntervalStyle: 'postgres',
    TimeZone: 'UTC',
    extra_float_digits: '1',
    bytea_output: 'hex',
    standard_conforming_strings: 'on',
    row_security: session.kind === 'maintenance' ? 'off' : 'on',
    // Temporary tables last: unless they are named they come first, and anybody may create one.
    search_path: 'public, pg_temp',
    default_transaction_isolation: 'read committed',
    statement_timeout: String(session.statementMs),
    lock_timeout: String(session.lockMs),
    idle_in_transaction_session_timeout: String(session.idleInTransactionMs),
  }
}

/** For the server's end of the connection: it notices a client that vanished, and releases its locks. */
export const KEEPALIVES: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '60000',
}
