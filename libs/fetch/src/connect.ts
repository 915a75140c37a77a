import { isIP, connect as connectTcp, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { FetchError } from '@mediakeep/content'
import { sameAddress } from './address.ts'
import { NotConnectedError } from './connection-error.ts'

/** What is connected to: the address that was checked, under the name that the URL bears. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly address: string
  readonly port: number
}

export interface ConnectOptions {
  readonly timeoutMs: number
  /** A TLS session of the same endpoint, to shorten the handshake. */
  readonly session?: Buffer | undefined
  onSession?: (session: Buffer) => void
  /**
   * Is shown what comes, before the stream has it; the bytes are gone when it returns.
   * @returns undefined to leave them to the stream, false to have them and no more before the socket is read again
   */
  tap?: (bytes: Buffer) => boolean | undefined
}

/** All sockets read into it, one at a time: a buffer for every read keeps the garbage collector busy. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Opens a socket to the endpoint's address. Nothing is looked up: the address is a literal, and the peer is
 * compared with it once more before a byte of HTTP is sent.
 * @param done is called once, with NotConnectedError or a FetchError `blocked` (`peer_address`) on failure
 */
export function openSocket(
  endpoint: Endpoint,
  options: ConnectOptions,
  done: (error: Error | undefined) => void,
): Socket {
  const isTls = endpoint.protocol === 'https:'
  const reading = {
    buffer: READ_BUFFER,
    callback: (length: number) => {
      const bytes = READ_BUFFER.subarray(0, length)
      // What the stream holds came before.
      const taken = socket.readableLength === 0 ? options.tap?.(bytes) : undefined
      return taken ?? socket.push(Buffer.from(bytes))
    },
  }
  const socket: Socket = isTls
    ? tlsSocket(endpoint, options, reading)
    : connectTcp({ ...tcpOptions(endpoint), onread: reading })
  const timer = setTimeout(
    () => socket.destroy(new Error(`no connection within ${options.timeoutMs} ms`)),
    options.timeoutMs,
  )
  const finish = (error?: Error): void => {
    clearTimeout(timer)
    socket.off('error', fail).off('close', close)
    if (error) socket.on('error', () => undefined).destroy()
    done(error)
  }
  const fail = (error: Error): void => finish(notConnected(endpoint, error))
  const close = (): void => fail(new Error('the connection was closed'))
  socket.setNoDelay(true)
  socket.once('error', fail).once('close', close)
  socket.once(isTls ? 'secureConnect' : 'connect', () => finish(peerProblem(socket, endpoint.address)))
  return socket
}

function tcpOptions({ address, port }: Endpoint): { host: string; port: number; highWaterMark: number } {
  return { host: address, port, highWaterMark: 64 * 1024 }
}

function tlsSocket(endpoint: Endpoint, { session, onSession }: ConnectOptions, onread: OnReadOpts): Socket {
  const { hostname } = endpoint
  const options = {
    ...tcpOptions(endpoint),
    onread,
    // The name is what the certificate must be for; an address is checked as an address, without SNI.
    servername: isIP(hostname) > 0 ? '' : hostname,
    ALPNProtocols: ['http/1.1'],
    session,
  }
  const socket = connectTls(options)
  if (onSession) socket.on('session', onSession)
  return socket
}

/** Undefined when the socket's peer is the address that was checked. */
export function peerProblem(socket: Socket, address: string): Error | undefined {
  const peer = socket.remoteAddress
  if (peer === undefined) return new NotConnectedError('connect', `${address} closed the connection at once`)
  if (sameAddress(peer, address)) return undefined
  return new FetchError('blocked', 'peer_address', `Connected to ${peer} instead of the checked ${address}`)
}

function notConnected({ hostname, address, port, protocol }: Endpoint, cause: Error): NotConnectedError {
  const isTlsError =
    protocol === 'https:' && 'code' in cause && /TLS|SSL|CERT|ISSUER/.test(String(cause.code))
  const where = hostname === address ? `${address} port ${port}` : `${hostname} (${address}) port ${port}`
  return new NotConnectedError(
    isTlsError ? 'tls' : 'connect',
    `No connection to ${where}: ${cause.message}`,
    {
      cause,
    },
  )
}
