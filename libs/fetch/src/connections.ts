import type { Socket } from 'node:net'
import { FetchError } from '@mediakeep/content'
import { Client } from 'undici'
import { openSocket, type Endpoint } from './connect.ts'

/** How many idle connections are kept, over all hosts; the longest unused is closed first. */
const MAX_IDLE = 128

/** One HTTP/1.1 connection to one endpoint, for one request at a time. */
export interface Connection {
  readonly client: Client
  /** Whether the peer ended its side in order (FIN), without an error (RST): what undici does not tell apart. */
  readonly endedInOrder: boolean
  /**
   * From now on, what comes is given to `take` alone, and the client never hears of it: afterwards the connection
   * is of no use. The bytes are gone when `take` returns; with false it wants no more of them before `resume`.
   */
  divert(take: (bytes: Buffer) => boolean): void
  resume(): void
  destroy(): void
}

/**
 * Connections by endpoint: scheme, name, port and checked address. A connection is handed out again only to who
 * has checked exactly this address for exactly this name.
 */
export class Connections {
  readonly #connectTimeoutMs: number
  /** In the order of their last use. */
  readonly #idle = new Set<PinnedConnection>()
  readonly #all = new Set<PinnedConnection>()
  readonly #sessions = new Map<string, Buffer>()
  #isClosed = false

  constructor(connectTimeoutMs: number) {
    this.#connectTimeoutMs = connectTimeoutMs
  }

  /** The endpoints with those first that an idle connection leads to. */
  preferred(endpoints: readonly Endpoint[]): Endpoint[] {
    const isOpen = (endpoint: Endpoint): boolean => this.#findIdle(keyOf(endpoint)) !== undefined
    return endpoints.length < 2 ? [...endpoints] : [...endpoints].sort((a, b) => +isOpen(b) - +isOpen(a))
  }

  /** @throws FetchError (`closed`) after `close` */
  acquire(endpoint: Endpoint): Connection {
    if (this.#isClosed) throw new FetchError('failed', 'closed', 'The fetcher was closed')
    const key = keyOf(endpoint)
    const known = this.#findIdle(key)
    if (known) {
      this.#idle.delete(known)
      return known
    }
    const connection = new PinnedConnection(endpoint, {
      timeoutMs: this.#connectTimeoutMs,
      session: this.#sessions.get(key),
      onSession: (session) => this.#remember(key, session),
      onClose: () => {
        this.#idle.delete(connection)
        this.#all.delete(connection)
      },
    })
    this.#all.add(connection)
    return connection
  }

  /** Takes a connection back for the next request; one that the server has closed is dropped. */
  release(connection: Connection): void {
    if (!(connection instanceof PinnedConnection) || !this.#all.has(connection)) return
    this.#idle.add(connection)
    if (this.#idle.size > MAX_IDLE) this.#idle.values().next().value!.destroy()
  }

  /** Ends all connections, those in use too. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#all].map((connection) => connection.client.destroy()))
  }

  #findIdle(key: string): PinnedConnection | undefined {
    for (const connection of this.#idle) if (connection.key === key) return connection
    return undefined
  }

  #remember(key: string, session: Buffer): void {
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    if (this.#sessions.size > MAX_IDLE) this.#sessions.delete(this.#sessions.keys().next().value!)
  }
}

interface PinnedOptions {
  readonly timeoutMs: number
  readonly session: Buffer | undefined
  onSession(session: Buffer): void
  onClose(): void
}

class PinnedConnection implements Connection {
  readonly client: Client
  readonly key: string
  #socket: Socket | undefined
  #hasEnded = false
  #hasFailed = false
  #take: ((bytes: Buffer) => boolean) | undefined
  readonly #onClose: () => void

  constructor(endpoint: Endpoint, options: PinnedOptions) {
    this.key = keyOf(endpoint)
    this.#onClose = () => options.onClose()
    this.client = new Client(originOf(endpoint), {
      connect: (_options, callback) => {
        const tapped = { ...options, tap: (bytes: Buffer) => this.#take?.(bytes) }
        const socket = openSocket(endpoint, tapped, (error) =>
          error ? callback(error, null) : callback(null, socket),
        )
        this.#observe(socket)
      },
      pipelining: 1,
      // Stalls and deadlines are measured over the whole fetch, see StallTimer.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    // A closed connection is not reopened: the next one is made for addresses checked anew.
    this.client.on('disconnect', () => this.destroy())
    this.client.on('connectionError', () => this.destroy())
  }

  get endedInOrder(): boolean {
    return this.#hasEnded && !this.#hasFailed
  }

  divert(take: (bytes: Buffer) => boolean): void {
    this.#take = take
  }

  resume(): void {
    this.#socket?.read(0)
  }

  destroy(): void {
    this.#onClose()
    this.#socket?.destroy()
    void this.client.destroy()
  }

  /** These listeners come before undici's, so that they know first. */
  #observe(socket: Socket): void {
    this.#socket = socket
    socket.on('end', () => (this.#hasEnded = true))
    socket.on('error', () => (this.#hasFailed = true))
  }
}

function keyOf({ protocol, hostname, port, address }: Endpoint): string {
  return `${protocol}//${hostname}:${port}|${address}`
}

function originOf({ protocol, hostname, port }: Endpoint): string {
  return `${protocol}//${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
}
