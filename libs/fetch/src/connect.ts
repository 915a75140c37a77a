import { isIP, connect as connectTcp, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { FetchError } from '@mediakeep/content'
import { sameAddress } from './address.ts'
import { NotConnectedError } from './connection-error.ts'
import { openTunnel, type Proxy, proxyError } from './proxy.ts'

/** The checked address, and its name in the URL. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly address: string
  readonly port: number
}

export interface ConnectOptions {
  readonly timeoutMs: number
  /** Used to open a tunnel to the endpoint's address. */
  readonly proxy?: Proxy | undefined
  /** A TLS session of the same endpoint, to shorten the handshake. */
  readonly session?: Buffer | undefined
  onSession?: (session: Buffer) => void
  /**
   * Receives all bytes; they are valid only during the call.
   * @returns false to pause until the socket is resumed
   */
  tap: (bytes: Buffer) => boolean
}

type Done = (outcome: Error | Socket) => void

/** Shared by all sockets, one read at a time: a buffer per read would keep the garbage collector busy. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Opens a socket to the endpoint's address. No name is resolved: the address is a literal, and the peer is compared
 * with it again before any HTTP is sent. A proxy receives this address, not the name.
 * @param done is called once, with NotConnectedError or a FetchError (`blocked`, `proxy`) on failure
 * @returns the first socket, to destroy if there is no connection yet
 */
export function openSocket(endpoint: Endpoint, options: ConnectOptions, done: Done): Socket {
  const { proxy } = options
  const isTls = endpoint.protocol === 'https:'
  const direct = { ...tcpOptions(endpoint), onread: readInto(options.tap) }
  const first = proxy
    ? connectTcp({ host: proxy.hostname, port: proxy.port })
    : isTls
      ? connectTls({ ...direct, ...tlsOptions(endpoint, options) })
      : connectTcp(direct)
  if (isTls && !proxy && options.onSession) first.on('session', options.onSession)
  const attempt = new Attempt(endpoint, options, first, done)
  if (proxy) {
    const explain = (error: Error): Error => proxyError(proxy, `cannot be reached: ${error.message}`, error)
    attempt.wait(first, 'connect', explain, () => void attempt.tunnel(proxy))
  } else {
    attempt.wait(first, isTls ? 'secureConnect' : 'connect', attempt.explain, () => attempt.check(first))
  }
  return first
}

/** One attempt to open a connection, with a time limit. */
class Attempt {
  readonly #endpoint: Endpoint
  readonly #options: ConnectOptions
  readonly #first: Socket
  readonly #done: Done
  readonly #timer: NodeJS.Timeout
  #release = (): void => undefined
  #isOver = false

  constructor(endpoint: Endpoint, options: ConnectOptions, first: Socket, done: Done) {
    this.#endpoint = endpoint
    this.#options = options
    this.#first = first
    this.#done = done
    // Between two steps nothing else listens for errors.
    first.setNoDelay(true).on('error', () => undefined)
    const late = new Error(`no connection within ${options.timeoutMs} ms`)
    this.#timer = setTimeout(() => first.destroy(late), options.timeoutMs)
  }

  /** Waits for the event; an error or a close fails the attempt. */
  wait(
    socket: Socket,
    event: 'connect' | 'secureConnect',
    explain: (error: Error) => Error,
    then: () => void,
  ): void {
    this.#release()
    const fail = (error: Error): void => this.#fail(explain(error))
    const close = (): void => fail(new Error('the connection was closed'))
    this.#release = () => void socket.off('error', fail).off('close', close).off(event, then)
    socket.once('error', fail).once('close', close).once(event, then)
  }

  readonly explain = (error: Error): Error => notConnected(this.#endpoint, this.#options.proxy, error)

  check(socket: Socket): void {
    const problem = peerProblem(socket, this.#endpoint.address)
    if (problem) this.#fail(problem)
    else this.#succeed(socket)
  }

  async tunnel(proxy: Proxy): Promise<void> {
    const endpoint = this.#endpoint
    this.#release()
    try {
      await openTunnel(this.#first, proxy, endpoint)
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    if (endpoint.protocol === 'http:') {
      this.#succeed(listening(this.#first, this.#options.tap))
      return
    }
    const socket = connectTls({ socket: this.#first, ...tlsOptions(endpoint, this.#options) })
    if (this.#options.onSession) socket.on('session', this.#options.onSession)
    socket.once('close', () => this.#first.destroy())
    this.wait(socket, 'secureConnect', this.explain, () =>
      this.#succeed(listening(socket, this.#options.tap)),
    )
  }

  #succeed(socket: Socket): void {
    if (this.#isOver) return
    this.#finish()
    this.#done(socket)
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.#finish()
    this.#first.destroy()
    this.#done(error)
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#release()
  }
}

function readInto(tap: ConnectOptions['tap']): OnReadOpts {
  return { buffer: READ_BUFFER, callback: (length) => tap(READ_BUFFER.subarray(0, length)) }
}

/** A socket whose bytes already arrived through a stream, such as a tunnel's, cannot read into a buffer. */
function listening(socket: Socket, tap: ConnectOptions['tap']): Socket {
  socket.on('data', (bytes: Buffer) => {
    if (!tap(bytes)) socket.pause()
  })
  return socket.resume()
}

function tcpOptions({ address, port }: Endpoint): { host: string; port: number; highWaterMark: number } {
  return { host: address, port, highWaterMark: 64 * 1024 }
}

function tlsOptions({ hostname }: Endpoint, { session }: ConnectOptions): object {
  // The certificate must match the name; an address is checked as an address, without SNI.
  return { servername: isIP(hostname) > 0 ? '' : hostname, ALPNProtocols: ['http/1.1'], session }
}

/** Returns undefined if the socket's peer is the checked address. */
export function peerProblem(socket: Socket, address: string): Error | undefined {
  const peer = socket.remoteAddress
  if (peer === undefined) return new NotConnectedError('connect', `${address} closed the connection at once`)
  if (sameAddress(peer, address)) return undefined
  return new FetchError('blocked', 'peer_address', `Connected to ${peer} instead of the checked ${address}`)
}

function notConnected(
  { hostname, address, port, protocol }: Endpoint,
  proxy: Proxy | undefined,
  cause: Error,
): NotConnectedError {
  const isTlsError =
    protocol === 'https:' && 'code' in cause && /TLS|SSL|CERT|ISSUER|ALTNAME/.test(String(cause.code))
  const name = hostname === address ? `${address} port ${port}` : `${hostname} (${address}) port ${port}`
  const where = proxy ? `${name} through the proxy ${proxy.name}` : name
  return new NotConnectedError(
    isTlsError ? 'tls' : 'connect',
    `No connection to ${where}: ${cause.message}`,
    {
      cause,
    },
  )
}
