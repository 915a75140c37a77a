import { Broken, NotConnected } from './broken.ts'
import type { Endpoint } from './connect.ts'
import { displayUrl } from './display-url.ts'
import { exchange } from './exchange.ts'
import { type Progress, Reply } from './reply.ts'
import { resolveTarget } from './resolve.ts'
import { rangeHeaders } from './resume.ts'
import type { Shared } from './shared.ts'
import type { Target } from './url-guard.ts'
import type { Watch } from './watch.ts'

/**
 * Asks for one URL, without following where it points: looks its name up, checks all addresses, and asks the first
 * that takes a connection.
 * @throws FetchError, Broken, the reason of the watch's signal
 */
export async function ask(shared: Shared, target: Target, watch: Watch, progress: Progress): Promise<Reply> {
  watch.expect('head')
  const addresses = await abortable(resolveTarget(target, shared.resolver), watch.signal)
  const endpoints = shared.connections.preferred(addresses.map((address) => endpointOf(target, address)))
  for (const [index, endpoint] of endpoints.entries()) {
    try {
      return await askAt(endpoint, shared, target, watch, progress)
    } catch (error) {
      if (!(error instanceof NotConnected) || index === endpoints.length - 1) throw error
    }
  }
  throw new Broken('connect', 'there is no address to connect to')
}

async function askAt(
  endpoint: Endpoint,
  shared: Shared,
  { url }: Target,
  watch: Watch,
  progress: Progress,
): Promise<Reply> {
  const connection = shared.connections.acquire(endpoint)
  const request = { path: url.pathname + url.search, headers: requestHeaders(shared, progress) }
  const reply = new Reply(url.href, displayUrl(url), shared.maxBytes, progress)
  try {
    await exchange(connection, request, watch, (head) => reply.receive(head))
    shared.connections.release(connection)
  } catch (error) {
    // A status that is not the file's has said it all, however its body ended.
    if (!reply.note || watch.signal.aborted) {
      reply.discard()
      throw error
    }
  }
  return reply
}

/** Nothing that says who asks or where the URL came from: no cookies, no credentials, no referer. */
function requestHeaders({ userAgent }: Shared, { part, sink }: Progress): string[] {
  const headers = ['accept', '*/*', 'accept-encoding', 'identity', 'user-agent', userAgent]
  return part ? [...headers, ...rangeHeaders(sink.byteSize, part)] : headers
}

function endpointOf({ url, hostname, port }: Target, address: string): Endpoint {
  return { protocol: url.protocol === 'https:' ? 'https:' : 'http:', hostname, port, address }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
