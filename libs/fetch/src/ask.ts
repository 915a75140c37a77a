import { ConnectionError, NotConnectedError } from './connection-error.ts'
import type { Endpoint } from './connect.ts'
import type { Connection } from './connections.ts'
import { displayUrl } from './display-url.ts'
import { exchange } from './exchange.ts'
import { type Progress, Reply } from './reply.ts'
import { resolveTarget } from './resolve.ts'
import { rangeHeaders } from './resume.ts'
import type { FetcherContext } from './fetcher-context.ts'
import type { Target } from './url-guard.ts'
import type { StallTimer } from './stall-timer.ts'

export interface Question {
  readonly target: Target
  /** The value of the Cookie header, if any. */
  readonly cookie: string | undefined
}

/**
 * Requests one URL without following redirects: resolves its name, checks all addresses, and uses the first one that
 * accepts a connection.
 * @throws FetchError, ConnectionError, ResponseError, the reason of the timer's signal
 */
export async function ask(
  context: FetcherContext,
  question: Question,
  timer: StallTimer,
  progress: Progress,
): Promise<Reply> {
  const { target } = question
  timer.expect('head')
  const addresses = await abortable(resolveTarget(target, context.resolver), timer.signal)
  const endpoints = context.connections.preferred(addresses.map((address) => endpointOf(target, address)))
  for (const [index, endpoint] of endpoints.entries()) {
    try {
      return await askAt(endpoint, context, question, timer, progress)
    } catch (error) {
      if (!(error instanceof NotConnectedError) || index === endpoints.length - 1) throw error
    }
  }
  throw new ConnectionError('connect', 'there is no address to connect to')
}

/** If the server has closed a kept connection, that says nothing about the server, so another connection is used. */
async function askAt(endpoint: Endpoint, ...rest: Rest): Promise<Reply> {
  const [context] = rest
  for (;;) {
    const connection = context.connections.acquire(endpoint)
    const { isReused } = connection
    const reply = newReply(...rest)
    try {
      return await askOn(connection, reply, ...rest)
    } catch (error) {
      const isStale = isReused && reply.head === undefined && error instanceof ConnectionError
      if (!isStale) throw error
    }
  }
}

type Rest = [context: FetcherContext, question: Question, timer: StallTimer, progress: Progress]

function newReply(...[context, { target }, , progress]: Rest): Reply {
  return new Reply(target.url.href, displayUrl(target.url), context.maxBytes, progress)
}

async function askOn(
  connection: Connection,
  reply: Reply,
  ...[context, question, timer, progress]: Rest
): Promise<Reply> {
  const { url } = question.target
  const request = { path: url.pathname + url.search, headers: requestHeaders(context, question, progress) }
  try {
    await exchange(connection, request, timer, (head) => reply.receive(head))
    context.connections.release(connection)
  } catch (error) {
    // The status of an error response is enough, even if its body was cut off.
    if (!reply.errorBody || timer.signal.aborted) {
      reply.discard()
      throw error
    }
  }
  return reply
}

/** Nothing that identifies the client or the URL's origin: no credentials, no referer, no cookies of other fetches. */
function requestHeaders(
  { userAgent }: FetcherContext,
  { cookie }: Question,
  { part, sink }: Progress,
): string[] {
  const headers = ['accept', '*/*', 'accept-encoding', 'identity', 'user-agent', userAgent]
  if (cookie !== undefined) headers.push('cookie', cookie)
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
