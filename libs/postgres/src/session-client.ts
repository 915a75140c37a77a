import pg from 'pg'
import { DatabaseEncodingError } from './errors.ts'
import { GRACE_MS, KEEPALIVES, settingsOf, type Session } from './session.ts'

/** The way settings reach the session. Poolers in transaction mode reject or ignore those sent at startup. */
interface Delivery {
  atStart: boolean
}

export interface SessionConfig extends pg.ClientConfig {
  readonly session: Session
  readonly delivery: Delivery
}

const GOODBYE_MS = 2000
const CONNECT_MS = 10_000
/** After this much silence, the client's system probes the server once a second, up to ten times. */
const KEEPALIVE_MS = 10_000

/** Driver fields that its types omit. */
interface Internals {
  readonly connection: pg.Connection & { readonly stream: { readonly destroyed: boolean; destroy(): void } }
  readonly connectionParameters: { query_timeout?: number }
  getStartupConf(): Record<string, string>
}

export function sessionConfig(url: string, session: Session): SessionConfig {
  return {
    connectionString: url,
    application_name: session.applicationName,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    session,
    delivery: { atStart: true },
  }
}

/**
 * A connection that sends its settings before its first statement, without a round trip, and whose statements always
 * end: if the server does not answer within the deadline, the connection is dropped.
 */
export class SessionClient extends pg.Client {
  readonly #config: SessionConfig

  constructor(config: SessionConfig) {
    super(config)
    this.#config = config
    // A broken connection also emits this event. Its statements reject anyway, and an error without a listener would
    // end the process.
    this.on('error', () => undefined)
    const { connection, connectionParameters } = this.#internals
    // Set here, so that a parameter of the URL cannot override it.
    connectionParameters.query_timeout = config.session.statementMs + GRACE_MS
    connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (parameterName !== 'server_encoding' || parameterValue === 'UTF8') return
      connection.emit('error', new DatabaseEncodingError(parameterValue))
      this.destroy()
    })
  }

  get #internals(): Internals {
    return this as unknown as Internals
  }

  /** True if the connection was cut, even if the driver has not noticed yet. */
  get isCut(): boolean {
    return this.#internals.connection.stream.destroyed
  }

  /** Ends the connection without waiting for the server. */
  destroy(): void {
    this.#internals.connection.stream.destroy()
  }

  /** Ends the connection cleanly, up to a time limit: a server that vanished never replies. */
  override end(): Promise<void>
  override end(ended: (error: Error) => void): void
  override end(ended?: (error: Error) => void): Promise<void> | undefined {
    const cut = setTimeout(() => this.destroy(), GOODBYE_MS).unref()
    this.once('end', () => clearTimeout(cut))
    if (!ended) return super.end()
    super.end(ended)
    return undefined
  }

  /** The driver's startup parameters plus ours, which override those of the database, role and URL. */
  getStartupConf(): Record<string, string> {
    const driver = (pg.Client.prototype as unknown as Internals).getStartupConf.call(this)
    const { session, delivery } = this.#config
    return delivery.atStart ? { ...driver, ...settingsOf(session), ...KEEPALIVES } : driver
  }
}

interface ParameterStatus {
  readonly parameterName: string
  readonly parameterValue: string
}

/** True if a pooler rejected startup parameters: PgBouncer, Amazon RDS Proxy, and others with similar messages. */
export function isStartupRefused(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return (
    ['08P01', '0A000', '42704'].includes(code ?? '') &&
    /startup (parameter|option)|command-line options|configuration parameter/i.test(message ?? '')
  )
}

/** True if the session has the settings. A pooler may accept startup parameters and drop them. */
export async function hasSettings(client: pg.ClientBase, session: Session): Promise<boolean> {
  const wanted = Object.entries(settingsOf(session))
  const { rows } = await client.query<{ is_set: boolean }>(
    // Set temporarily and read back, because the server normalizes values: 10000 becomes 10s.
    `SELECT bool_and(current_setting(name) = set_config(name, value, true)) AS is_set
     FROM unnest($1::text[], $2::text[]) AS wanted (name, value)`,
    [wanted.map(([name]) => name), wanted.map(([, value]) => value)],
  )
  return rows[0]?.is_set === true
}

/** The settings as SET statements, for a session or for the rest of a transaction. */
export function settingStatements(session: Session, scope: 'SESSION' | 'LOCAL'): string {
  return Object.entries(settingsOf(session))
    .map(
      ([name, value]) => `SET ${scope} ${name} = ${name === 'search_path' ? value : pg.escapeLiteral(value)}`,
    )
    .join('; ')
}
