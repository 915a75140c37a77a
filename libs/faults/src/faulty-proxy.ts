import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { buffer } from 'node:stream/consumers'

/** The store's behaviour for one request, instead of a normal answer. */
export type Fault =
  /** Answers with this status and code, without doing anything. */
  | {
      readonly status: number
      readonly code: string
      readonly headers?: Readonly<Record<string, string>>
      /** Additional elements of the error document, besides code and message. */
      readonly xml?: string
    }
  /** Answers with this document, imitating a store that does not support the request. */
  | { readonly xml: string }
  /** Forwards the request with one byte of its body flipped. */
  | 'corrupt'
  /** Answers with success, without doing anything. */
  | 'pretend'
  /** Never answers. */
  | 'hang'
  /** Closes the connection before answering, without forwarding the request. */
  | 'cut'
  /** Forwards the request, then closes the connection instead of answering. */
  | 'lose_answer'
  /** Answers, but closes the connection half-way through the body. */
  | 'cut_answer'
  /** Answers, but stops sending half-way through the body. */
  | 'stall_answer'
  /** Answers, but sends the body one byte at a time, slowly. */
  | 'drip_answer'
  /** Answers without a Content-Length header. */
  | 'no_length'

type Decide = (line: string, count: number, headers: IncomingHttpHeaders) => Fault | undefined

export interface FaultyProxy {
  readonly endpoint: string
  /** Requests so far, as `PUT /bucket/key?query`. */
  readonly seen: string[]
  /** The same, with their headers. */
  readonly sent: { line: string; headers: IncomingHttpHeaders }[]
  /** Sets the function that chooses each request's fault. */
  misbehave(decide: Decide): void
  close(): Promise<void>
}

const COPIED_HEADERS = /^(?:content-|etag|last-modified|accept-ranges|x-amz-)/

async function pass(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: Record<string, string | string[]>; body: Buffer }> {
  // Keeps the Host header, because it is signed.
  const options = { method: incoming.method, headers: incoming.headers, path: incoming.url }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(target, options, resolve).once('error', reject).end(body)
  })
  const headers = Object.entries(answer.headers).filter(([name, value]) => value && COPIED_HEADERS.test(name))
  return {
    status: answer.statusCode ?? 500,
    headers: Object.fromEntries(headers) as Record<string, string | string[]>,
    body: await buffer(answer),
  }
}

async function handle(
  target: string,
  fault: Fault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (fault === 'hang') return
  const body = await buffer(incoming)
  if (fault === 'cut') {
    incoming.socket.destroy()
    return
  }
  if (typeof fault === 'object') {
    const isError = 'status' in fault
    const headers = isError ? fault.headers : undefined
    outgoing.writeHead(isError ? fault.status : 200, { 'content-type': 'application/xml', ...headers })
    const xml = isError
      ? `<Error><Code>${fault.code}</Code><Message>No.</Message>${fault.xml ?? ''}</Error>`
      : fault.xml
    outgoing.end(incoming.method === 'HEAD' ? undefined : `<?xml version="1.0"?>${xml}`)
    return
  }
  if (fault === 'pretend') {
    outgoing.writeHead(200, { etag: '"00000000000000000000000000000000"' }).end()
    return
  }
  if (fault === 'corrupt' && body.byteLength > 0) body[body.byteLength >> 1]! ^= 1
  const answer = await pass(target, incoming, body)
  if (fault === 'lose_answer') {
    incoming.socket.destroy()
    return
  }
  if (fault === 'no_length') delete answer.headers['content-length']
  outgoing.writeHead(answer.status, answer.headers)
  if (fault === 'cut_answer' || fault === 'stall_answer') {
    outgoing.write(answer.body.subarray(0, answer.body.byteLength >> 1), () => {
      if (fault === 'cut_answer') incoming.socket.destroy()
    })
    return
  }
  if (fault === 'drip_answer') await drip(answer.body, outgoing)
  else outgoing.end(answer.body)
}

async function drip(body: Buffer, outgoing: ServerResponse): Promise<void> {
  for (let at = 0; at < body.byteLength && !outgoing.destroyed; at++) {
    outgoing.write(body.subarray(at, at + 1))
    await sleep(200)
  }
  outgoing.end()
}

/** Starts a proxy in front of a store, on real sockets, that misbehaves on request. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let decide: Decide = () => undefined
  const seen: string[] = []
  const sent: { line: string; headers: IncomingHttpHeaders }[] = []
  const server: Server = createServer((incoming, outgoing) => {
    const line = `${incoming.method ?? ''} ${incoming.url ?? ''}`
    seen.push(line)
    sent.push({ line, headers: incoming.headers })
    const count = seen.filter((other) => other === line).length
    handle(target, decide(line, count, incoming.headers), incoming, outgoing).catch(() =>
      incoming.socket.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    sent,
    misbehave: (decision) => {
      seen.length = 0
      decide = decision
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
