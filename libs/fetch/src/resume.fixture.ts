import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FetchedFile } from '@mediakeep/content'
import type { FetcherOptions } from './fetcher.ts'
import { failure, httpOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

/** The file to fetch. */
export const BYTES = sampleBytes(1_000_000)
/** Number of bytes that `breakOff` sends. */
export const HALF = 600_000
export const ETAG = { etag: '"v1"' }

interface Seen {
  readonly url: string | undefined
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

/** Sends the beginning of a body with the given headers, then breaks the connection. */
export function breakOff(response: ServerResponse, headers: Record<string, string>, body = BYTES): void {
  response.writeHead(200, { 'content-length': body.length, ...headers })
  response.write(body.subarray(0, HALF))
  setTimeout(() => response.socket?.resetAndDestroy(), 30)
}

export function sendRest(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string> = ETAG,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1])
  const range = `bytes ${start}-${BYTES.length - 1}/${BYTES.length}`
  response.writeHead(206, { 'content-range': range, 'content-length': BYTES.length - start, ...headers })
  response.end(BYTES.subarray(start))
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Fetches from a server that gives these answers in turn, then repeats the last one. */
export async function fetchFrom(
  answers: readonly Answer[],
  options: FetcherOptions = {},
): Promise<{
  seen: Seen[]
  work: ReturnType<typeof failure>
  result: Promise<FetchedFile>
  read(): Promise<Buffer>
}> {
  const seen: Seen[] = []
  const origin = await httpOrigin((request, response) => {
    seen.push({
      url: request.url,
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
    })
    answers[Math.min(seen.length, answers.length) - 1]!(request, response)
  })
  const { fetcher, path, read } = await scene([origin], options)
  const result = fetcher.fetch(`http://${origin.host}/a`, path)
  const work = failure(result)
  work.catch(() => undefined)
  return { seen, result, work, read }
}

/** The expected result of fetching `BYTES`. */
export const whole = { digests: { sha256: sha256(BYTES), byteSize: BYTES.length }, lengthVerified: true }
