import type { Socket } from 'node:net'
import { FetchError } from '@mediakeep/content'
import { openSocket, type Endpoint } from './connect.ts'
import { ConnectionError } from './connection-error.ts'
import type { Proxy } from './proxy.ts'

/** Maximum number of idle connections over all hosts; the least recently used one is closed first. */
const MAX_IDLE = 128

/** Receives the events of a connection while using it. After `failed` or `ended` it receives nothing more. */
export interface ConnectionUser {
  /** @param bytes are valid only during the call @returns false to pause until `resume` */
  received(bytes: Buffer): boolean
  /** The peer closed its side cleanly (FIN). */
  ended(): void
  /** The connection could not be opened, or broke (RST). */
  failed(error: Error): void
}

/** One HTTP/1.1 connection to one endpoint, for one request at a time. */
export interface Connection {
  /** For the Host header. */
  readonly host: string
  /** True if it has carried a request before; the server may have closed it in the meantime. */
  readonly isReused: boolean
  /** Connects if necessary, and sends the request. */
  send(request: string, user: ConnectionUser): void
  resume(): void
  destroy(): void
}

export interface ConnectionsOptions {
  readonly connectTimeoutMs: number
  readonly proxy?: Proxy | undefined
}

/**
 * Connections by endpoint: scheme, name, port and checked address. A connection is reused only by a caller that has
 * checked exactly this address for exactly this name.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  /** In the order of their last use. */
  readonly #idle = new Set<PinnedConnection>()
  readonly #all = new Set<PinnedConnection>()
  readonly #sessions = new Map<string, Buffer>()
  #isClosed = false

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  /** The endpoints, sorted so that those with an idle connection come first. */
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
      timeoutMs: this.#options.connectTimeoutMs,
      proxy: this.#options.proxy,
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

  /** Makes the connection available for the next request, unless it is closed. */
  release(connection: Connection): void {
    if (!(connection instanceof PinnedConnection) || !this.#all.has(connection)) return
    connection.rest()
    this.#idle.add(connection)
    if (this.#idle.size > MAX_IDLE) this.#idle.values().next().value!.destroy()
  }

  /** Closes all connections, including those in use. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#all) connection.destroy(new Error('the fetcher was closed'))
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
  readonly proxy: Proxy | undefined
  readonly session: Buffer | undefined
  onSession(session: Buffer): void
  onClose(): void
}

class PinnedConnection implements Connection {
  readonly key: string
  readonly #endpoint: Endpoint
  readonly #options: PinnedOptions
  #socket: Socket | undefined
  #user: ConnectionUser | undefined
  #isReused = false

  constructor(endpoint: Endpoint, options: PinnedOptions) {
    this.key = keyOf(endpoint)
    this.#endpoint = endpoint
    this.#options = options
  }

  get host(): string {
    const { protocol, hostname, port } = this.#endpoint
    const host = hostname.includes(':') ? `[${hostname}]` : hostname
    return port === (protocol === 'https:' ? 443 : 80) ? host : `${host}:${port}`
  }

  get isReused(): boolean {
    return this.#isReused
  }

  send(request: string, user: ConnectionUser): void {
    this.#user = user
    if (this.#socket) {
      this.#socket.write(request, 'latin1')
      return
    }
    const socket = openSocket(
      this.#endpoint,
      { ...this.#options, tap: (bytes) => this.#tap(bytes) },
      (outcome) => {
        if (outcome instanceof Error) {
          this.#fail(outcome)
          return
        }
        this.#observe(outcome)
        outcome.write(request, 'latin1')
      },
    )
    this.#socket = socket
  }

  /** Marks it idle. Any event before the next `send` closes it, since the server should not send anything. */
  rest(): void {
    this.#user = undefined
    this.#isReused = true
  }

  resume(): void {
    if (this.#socket?.isPaused()) this.#socket.resume()
    else this.#socket?.read(0)
  }

  destroy(cause?: Error): void {
    if (cause) {
      this.#fail(new ConnectionError('connection', cause.message, { cause }))
      return
    }
    this.#user = undefined
    this.#options.onClose()
    this.#socket?.destroy()
  }

  #tap(bytes: Buffer): boolean {
    if (this.#user) return this.#user.received(bytes)
    this.destroy()
    return false
  }

  #observe(socket: Socket): void {
    this.#socket = socket
    socket.on('end', () => {
      const user = this.#user
      this.destroy()
      user?.ended()
    })
    const fail = (cause: Error): void =>
      this.#fail(new ConnectionError('connection', cause.message, { cause }))
    socket.on('error', fail).on('close', () => fail(new Error('the connection was closed')))
  }

  #fail(error: Error): void {
    const user = this.#user
    this.destroy()
    user?.failed(error)
  }
}

function keyOf({ protocol, hostname, port, address }: Endpoint): string {
  return `${protocol}//${hostname}:${port}|${address}`
}
