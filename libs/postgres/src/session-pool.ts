import pg from 'pg'
import {
  hasSettings,
  isStartupRefused,
  SessionClient,
  sessionConfig,
  settingStatements,
  type SessionConfig,
} from './session-client.ts'
import type { Session } from './session.ts'
import { withClient } from './with-client.ts'

/** Runs one statement: a pool, or one of its connections. */
export interface Runner {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>>
}

interface Statement extends pg.QueryConfig {
  /** Cancels the statement. */
  readonly signal?: AbortSignal
}

type Answer = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void

/** Milliseconds that connections have to close and running statements to end. */
const CLOSE_MS = 10_000

// int8 as number: sizes and counts stay far below 2^53; ids are text.
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)

/** The driver's pool, with connections that send our settings. */
export class SessionPool extends pg.Pool {
  readonly #config: SessionConfig
  readonly #clients = new Set<SessionClient>()
  #isProven = false

  constructor(url: string, session: Session, max: number) {
    const config = sessionConfig(url, session)
    super({
      ...config,
      max,
      // Sends queries on a connection immediately and in order, without waiting for earlier answers.
      pipeline: true,
      types,
      Client: SessionClient as never,
    })
    this.#config = config
    this.on('connect', (client) => {
      const opened = client as unknown as SessionClient
      this.#clients.add(opened)
      opened.once('end', () => this.#clients.delete(opened))
    })
  }

  /**
   * The statement that begins a transaction. Behind a pooler in transaction mode it includes the settings, in the same
   * message, because the next transaction may run in another session.
   */
  get begin(): string {
    const { session, delivery } = this.#config
    return delivery.atStart
      ? 'BEGIN'
      : `BEGIN ISOLATION LEVEL READ COMMITTED; ${settingStatements(session, 'LOCAL')}`
  }

  /** Runs one statement. Prisma also runs its statements through this. */
  override query = ((query: Statement | string, values?: unknown[]) =>
    this.#runAlone(
      typeof query === 'string' ? { text: query, ...(values && { values }) } : query,
    )) as pg.Pool['query']

  /** Runs statements that are cancelled when the signal aborts. */
  during(signal: AbortSignal | undefined): Runner {
    return signal ? { query: (query) => this.query({ ...query, signal } as Statement) } : this
  }

  #runAlone<Row extends pg.QueryResultRow>({ signal, ...query }: Statement): Promise<pg.QueryResult<Row>> {
    return withClient(this, signal, async ({ client }) => {
      if (this.#config.delivery.atStart) return client.query<Row>(query)
      // Sends all three at once, in one round trip.
      const [, result] = await Promise.all([
        client.query(this.begin),
        client.query<Row>(query),
        client.query('COMMIT'),
      ])
      return result
    })
  }

  override connect(): Promise<pg.PoolClient>
  override connect(answer: Answer): void
  override connect(answer?: Answer): Promise<pg.PoolClient> | undefined {
    const connecting = this.#isProven ? super.connect() : this.#prove()
    if (!answer) return connecting
    connecting.then(
      (client) => answer(undefined, client, (error) => client.release(error)),
      (error: unknown) => answer(error as Error, undefined, () => undefined),
    )
    return undefined
  }

  /** Uses the first connection to find out how settings reach the server; the others follow it. */
  async #prove(): Promise<pg.PoolClient> {
    const client = await this.#first()
    try {
      if (!this.#isProven) {
        this.#config.delivery.atStart &&= await hasSettings(client, this.#config.session)
        this.#isProven = true
      }
      return client
    } catch (error) {
      client.release(error as Error)
      throw error
    }
  }

  async #first(): Promise<pg.PoolClient> {
    try {
      return await super.connect()
    } catch (error) {
      if (!isStartupRefused(error)) throw error
      this.#config.delivery.atStart = false
      return await super.connect()
    }
  }

  /** Closes within a time limit, even if the server no longer answers. */
  async close(): Promise<void> {
    const cut = setTimeout(() => {
      for (const client of this.#clients) client.destroy()
    }, CLOSE_MS).unref()
    await this.end()
    if (this.#clients.size === 0) clearTimeout(cut)
  }
}
