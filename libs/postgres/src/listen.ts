import { backoff } from '@mediakeep/sql'
import pg from 'pg'
import { connect } from './connect.ts'
import { listenSession } from './session.ts'

export interface ListenOptions {
  /** A direct URL: a pooler in transaction mode would drop the LISTEN. */
  readonly url: string
  readonly channel: string
  /** Called for each message, and whenever some may have been missed: after every connect or reconnect. */
  readonly onSignal: () => void
  readonly onError?: ((error: Error) => void) | undefined
  /** Interval between liveness checks of an idle connection, in milliseconds; default 10,000. */
  readonly checkMs?: number
}

export interface Listening {
  /** True while a connection is listening on the channel. */
  readonly isHearing: boolean
  close(): Promise<void>
}

const LONGEST_PAUSE_MS = 5000

/** Listens on a channel over a dedicated connection, and reconnects whenever it is lost. */
export function listen(options: ListenOptions): Listening {
  const listener = new Listener(options)
  void listener.connect()
  return listener
}

class Listener implements Listening {
  readonly #options: ListenOptions
  #client: pg.Client | undefined
  #isHearing = false
  #isClosed = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: ListenOptions) {
    this.#options = options
  }

  get isHearing(): boolean {
    return this.#isHearing
  }

  async connect(): Promise<void> {
    try {
      const opened = await connect(this.#options.url, listenSession)
      if (this.#isClosed) {
        await end(opened)
        return
      }
      this.#client = opened
      await this.#begin(opened)
    } catch (error) {
      this.#lose(this.#client, error as Error)
    }
  }

  async #begin(opened: pg.Client): Promise<void> {
    opened.on('error', (error) => this.#lose(opened, error))
    opened.on('end', () => this.#lose(opened))
    opened.on('notification', () => this.#options.onSignal())
    await opened.query(`LISTEN ${pg.escapeIdentifier(this.#options.channel)}`)
    this.#isHearing = true
    this.#options.onSignal()
    this.#check(opened)
  }

  /** A connection whose other end vanished gives no sign: only a reply proves that it is alive. */
  #check(asked: pg.Client): void {
    asked.query('SELECT 1').then(
      () => {
        this.#failures = 0
        if (this.#client !== asked || this.#isClosed) return
        this.#timer = setTimeout(() => this.#check(asked), this.#options.checkMs ?? 10_000)
      },
      (error: unknown) => this.#lose(asked, error as Error),
    )
  }

  #lose(lost: pg.Client | undefined, error?: Error): void {
    // Report only once: a failed statement, the connection's error and its end may each arrive here.
    if (this.#isClosed || this.#client !== lost) return
    this.#client = undefined
    this.#isHearing = false
    if (error) this.#options.onError?.(error)
    if (lost) void end(lost)
    clearTimeout(this.#timer)
    const pauseMs = backoff(++this.#failures, { first: 100, longest: LONGEST_PAUSE_MS })
    this.#timer = setTimeout(() => void this.connect(), pauseMs)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#isHearing = false
    clearTimeout(this.#timer)
    if (this.#client) await end(this.#client)
  }
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined)
}
