import pg from 'pg'

export interface ListenOptions {
  /** Past any pooler in transaction mode, which would drop a LISTEN. */
  readonly url: string
  readonly channel: string
  /** At each message, and whenever some may have been missed: a connection was made, or made anew. */
  readonly onSignal: () => void
  readonly onError?: ((error: Error) => void) | undefined
  /** How often an idle connection is asked whether it lives; 10,000 unless given. */
  readonly checkMs?: number
}

export interface Listening {
  /** Whether there is a connection now that hears the channel. */
  readonly isHearing: boolean
  close(): Promise<void>
}

const LONGEST_PAUSE_MS = 5000
const ANSWER_MS = 5000

/** Hears a channel over a connection of its own, which is made anew whenever it is lost. */
export function listen(options: ListenOptions): Listening {
  const { checkMs = 10_000, onError } = options
  let client: pg.Client | undefined
  let isClosed = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  const again = (lost: pg.Client, error?: Error): void => {
    if (isClosed || client !== lost) return
    client = undefined
    if (error) onError?.(error)
    void lost.end().catch(() => undefined)
    clearTimeout(timer)
    timer = setTimeout(connect, Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures++))
  }
  // A connection whose other end vanished says nothing: only an answer proves that it lives.
  const check = (asked: pg.Client): void => {
    asked.query('SELECT 1').then(
      () => {
        failures = 0
        if (client === asked && !isClosed) timer = setTimeout(() => check(asked), checkMs)
      },
      (error: unknown) => again(asked, error as Error),
    )
  }
  const connect = (): void => {
    const opened = new pg.Client({
      connectionString: options.url,
      application_name: 'mediakeep-listen',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    })
    opened.on('error', (error) => again(opened, error))
    opened.on('end', () => again(opened))
    opened.on('notification', () => options.onSignal())
    client = opened
    isHearing = false
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`))
      .then(
        () => {
          isHearing = true
          options.onSignal()
          check(opened)
        },
        (error: unknown) => again(opened, error as Error),
      )
  }
  let isHearing = false
  connect()
  return {
    get isHearing() {
      return isHearing && client !== undefined
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
