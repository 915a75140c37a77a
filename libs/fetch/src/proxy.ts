import type { Socket } from 'node:net'
import { FetchError } from '@mediakeep/content'
import type { Endpoint } from './connect.ts'
import { NotConnectedError } from './connection-error.ts'
import { parseHead } from './head.ts'
import { LineReader } from './line-reader.ts'
import { ResponseError } from './response-error.ts'

/** An HTTP proxy that opens tunnels (CONNECT). */
export interface Proxy {
  readonly hostname: string
  readonly port: number
  /** The value of the Proxy-Authorization header. */
  readonly authorization: string | undefined
  /** For messages; without credentials. */
  readonly name: string
}

const MAX_ANSWER_BYTES = 64 * 1024
/** If the proxy is down or refuses us, no file fails: all wait until somebody fixes it. */
const REST_MS = 60_000

/** @param text `http://proxy.example:3128`, `http://user:password@…` @throws TypeError */
export function parseProxy(text: string): Proxy {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' || url.hostname === '' || url.pathname !== '/' || url.search !== '') {
    throw new TypeError('DOWNLOAD_PROXY: expected http://host:port or http://user:password@host:port')
  }
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
    name: url.host,
  }
}

/** A fetch that failed because of the proxy; it is retried and does not count as an attempt. */
export function proxyError(proxy: Proxy, reason: string, cause?: unknown): FetchError {
  const message = `The proxy ${proxy.name} (DOWNLOAD_PROXY) ${reason}`
  return new FetchError('failed', 'proxy', message, { retryAfterMs: REST_MS, cause })
}

/**
 * Requests a tunnel to the checked address, so that the proxy does not resolve any name.
 * @throws NotConnectedError if the proxy cannot reach the address, FetchError (`proxy`) if it refuses us
 */
export function openTunnel(socket: Socket, proxy: Proxy, { address, port }: Endpoint): Promise<void> {
  const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const authorization = proxy.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : ''
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const lines = new LineReader()
  const head: string[] = []
  const read = (bytes: Buffer): void => {
    for (let start = 0; start < bytes.byteLength;) {
      const { line, next } = lines.read(bytes, start, MAX_ANSWER_BYTES, tooLarge)
      start = next
      if (line === undefined) return
      if (line !== '') head.push(line)
      else if (head.length > 0) {
        conclude(bytes.subarray(start))
        return
      }
    }
  }
  const conclude = (rest: Buffer): void => {
    const { status } = parseHead(head)
    if (status < 200 || status > 299) throw refusal(proxy, status, authority)
    if (rest.byteLength > 0) throw proxyError(proxy, 'sent bytes before there was a request')
    resolve(undefined)
  }
  const onData = (bytes: Buffer): void => {
    try {
      read(bytes)
    } catch (error) {
      reject(
        error instanceof ResponseError
          ? proxyError(proxy, `did not answer as a proxy does: ${error.message}`)
          : error,
      )
    }
  }
  const onEnd = (): void => reject(proxyError(proxy, 'closed the connection without an answer'))
  const onFailure = (cause?: Error): void => reject(proxyError(proxy, 'closed the connection', cause))
  socket.on('data', onData).once('end', onEnd).once('error', onFailure).once('close', onFailure)
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`)
  return promise.finally(() => {
    socket.pause()
    socket.off('data', onData).off('end', onEnd).off('error', onFailure).off('close', onFailure)
  })
}

function tooLarge(): ResponseError {
  return new ResponseError('headers_too_large', 'its headers are too large')
}

function refusal(proxy: Proxy, status: number, authority: string): Error {
  if (status === 407) return proxyError(proxy, 'wants other credentials (407)')
  // The statuses that proxies use when the other side cannot be reached.
  if (status === 502 || status === 503 || status === 504) {
    return new NotConnectedError(
      'connect',
      `The proxy ${proxy.name} cannot reach ${authority}: it answered ${status}`,
    )
  }
  // The proxy may refuse only this target, so this counts as an attempt.
  const message = `The proxy ${proxy.name} (DOWNLOAD_PROXY) answered ${status} to CONNECT ${authority}: it must allow this tunnel`
  return new FetchError('failed', 'proxy_refused', message)
}
