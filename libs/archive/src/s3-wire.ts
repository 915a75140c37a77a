import { request as httpRequest, type Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https'
import type { SendOptions } from './s3-store.ts'

/** How requests are sent; connections are shared with the SDK. */
export interface Wire {
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
  /** In milliseconds. */
  readonly connectionTimeout: number
}

/** Has the same name as the SDK's own error. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

export interface OutgoingHead {
  readonly protocol: string
  readonly host: string
  readonly path: string
  readonly headers: Record<string, string>
}

/** @throws Node's errors, a TimeoutError, the reason of the signal */
export function sendHead(
  wire: Wire,
  { protocol, host, path, headers }: OutgoingHead,
  { abortSignal, requestTimeout }: SendOptions,
): Promise<IncomingMessage> {
  const isTls = protocol === 'https:'
  const { hostname, port } = new URL(`${protocol}//${host}`)
  return new Promise((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)({
      method: 'HEAD',
      // Without the brackets of an IPv6 address.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers,
      agent: isTls ? wire.httpsAgent : wire.httpAgent,
      ...(abortSignal ? { signal: abortSignal } : {}),
    })
    const end = (what: string): void => void request.destroy(new TimeoutError(`no ${what} in time`))
    const answering = setTimeout(end, requestTimeout, 'answer')
    let connecting: NodeJS.Timeout | undefined
    request.once('socket', (socket) => {
      if (!socket.connecting) return
      connecting = setTimeout(end, wire.connectionTimeout, 'connection')
      socket.once('connect', () => clearTimeout(connecting))
    })
    request.once('close', () => {
      clearTimeout(answering)
      clearTimeout(connecting)
    })
    request.once('error', reject)
    request.once('response', (response) => {
      response.resume()
      resolve(response)
    })
    request.end()
  })
}
