import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type FetcherOptions } from './fetcher.ts'
import { readHead } from './head.ts'
import { checkRest } from './resume.ts'
import { failure, httpOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

const BYTES = sampleBytes(1_000_000)
const OTHER = sampleBytes(1_000_100).subarray(100)
const HALF = 600_000
const ETAG = { etag: '"v1"' }

interface Seen {
  readonly url: string | undefined
  readonly range: string | undefined
  readonly ifRange: string | undefined
}

/** Sends the beginning of a body under the given headers, then breaks the connection. */
function breakOff(response: ServerResponse, headers: Record<string, string>, body = BYTES): void {
  response.writeHead(200, { 'content-length': body.length, ...headers })
  response.write(body.subarray(0, HALF))
  setTimeout(() => response.socket?.resetAndDestroy(), 30)
}

function sendRest(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string> = ETAG,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1])
  const range = `bytes ${start}-${BYTES.length - 1}/${BYTES.length}`
  response.writeHead(206, { 'content-range': range, 'content-length': BYTES.length - start, ...headers })
  response.end(BYTES.subarray(start))
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Fetches from a server that gives these answers in turn, the last one for ever. */
async function fetchFrom(
  answers: readonly Answer[],
  options: FetcherOptions = {},
): Promise<{
  seen: Seen[]
  work: ReturnType<typeof failure>
  result: Promise<unknown>
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

const whole = { digests: { sha256: sha256(BYTES), byteSize: BYTES.length }, lengthVerified: true }

describe('a connection that breaks half-way', () => {
  it('is taken up where it broke, by a strong ETag', async () => {
    const { seen, result, read } = await fetchFrom([(_, response) => breakOff(response, ETAG), sendRest])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen).toMatchObject([{ range: undefined }, { ifRange: '"v1"' }])
    expect(seen[1]?.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  it('is taken up by a Last-Modified that is no news', async () => {
    const modified = new Date(Date.now() - 60_000).toUTCString()
    const headers = { 'last-modified': modified }
    const { seen, result } = await fetchFrom([
      (_, response) => breakOff(response, headers),
      (request, response) => sendRest(request, response, headers),
    ])
    expect(await result).toMatchObject(whole)
    expect(seen[1]).toMatchObject({ ifRange: modified })
  })

  it('is taken up a third time', async () => {
    const again: Answer = (request, response) => {
      const start = Number(request.headers.range?.slice(6, -1))
      const range = `bytes ${start}-${BYTES.length - 1}/${BYTES.length}`
      response.writeHead(206, { 'content-range': range, 'content-length': BYTES.length - start })
      response.write(BYTES.subarray(start, start + 100_000))
      setTimeout(() => response.socket?.resetAndDestroy(), 30)
    }
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      again,
      again,
      sendRest,
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen).toHaveLength(4)
  })

  it('is taken up where it was redirected to', async () => {
    const { seen, result } = await fetchFrom([
      (_, response) => response.writeHead(302, { location: '/b' }).end(),
      (_, response) => breakOff(response, ETAG),
      sendRest,
    ])
    expect(await result).toMatchObject(whole)
    expect(seen.map(({ url }) => url)).toEqual(['/a', '/b', '/b'])
  })

  it.each<[string, Record<string, string>]>([
    ['a weak ETag', { etag: 'W/"v1"' }],
    ['no validator', {}],
    ['an ETag that cannot be sent back', { etag: '"v\u00e9"' }],
    [
      'a Last-Modified that is too fresh',
      { 'last-modified': new Date(Date.now() + 3_600_000).toUTCString() },
    ],
    ['no ranges', { ...ETAG, 'accept-ranges': 'none' }],
  ])('is begun again when there is %s', async (_what, headers) => {
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, headers, OTHER),
      (_, response) => response.end(BYTES),
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen[1]).toMatchObject({ range: undefined })
  })

  it('is begun again when the server sends the whole, because the file changed', async () => {
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, ETAG, OTHER),
      (_, response) => response.writeHead(200, { etag: '"v2"' }).end(BYTES),
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen).toHaveLength(2)
  })

  const rest = (headers: Record<string, string>, status = 206): Answer => {
    return (_request, response) => response.writeHead(status, headers).end(BYTES.subarray(HALF))
  }

  it.each<[string, Answer]>([
    ['the rest from elsewhere', rest({ 'content-range': `bytes 5-${BYTES.length - 1}/${BYTES.length}` })],
    ['the rest of another length', rest({ 'content-range': `bytes ${HALF}-999998/999999` })],
    ['not all of the rest', rest({ 'content-range': `bytes ${HALF}-700000/${BYTES.length}` })],
    ['the rest of who knows what', rest({ 'content-range': `bytes ${HALF}-${BYTES.length - 1}/*` })],
    ['a rest without saying of what', rest({})],
    ['the rest of another version', (request, response) => sendRest(request, response, { etag: '"v2"' })],
    ['several parts', rest({ 'content-type': 'multipart/byteranges; boundary=x' })],
    ['416', rest({}, 416)],
    ['403', rest({}, 403)],
  ])('is begun again when the server answers with %s', async (_what, answer) => {
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      answer,
      (_, response) => response.end(BYTES),
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen).toHaveLength(3)
    expect(seen[2]).toMatchObject({ range: undefined })
  })

  it('is counted against the limit as one file', async () => {
    const endless: Answer = (request, response) => {
      const start = Number(request.headers.range?.slice(6, -1))
      response.writeHead(206, { 'content-range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` })
      response.end(Buffer.alloc(BYTES.length))
    }
    const { work } = await fetchFrom([(_, response) => breakOff(response, ETAG), endless], {
      maxBytes: BYTES.length,
    })
    expect(await work).toMatchObject({ fate: 'rejected', code: 'too_large' })
  })

  it('is left alone when the server asks for that', async () => {
    const { seen, work } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      (_, response) => response.writeHead(503, { 'retry-after': '9' }).end(),
    ])
    expect(await work).toMatchObject({ fate: 'failed', code: 'http_503', retryAfterMs: 9000 })
    expect(seen).toHaveLength(2)
  })

  it('is given up after four tries', async () => {
    const { seen, work } = await fetchFrom([(_, response) => breakOff(response, {})])
    expect(await work).toMatchObject({ fate: 'failed', code: 'connection' })
    expect(seen).toHaveLength(4)
  })
})

describe('checkRest', () => {
  const part = { url: 'http://a.example/', validator: '"v1"', total: 1000 }
  const check = (
    headers: Record<string, string>,
    known: Partial<typeof part> | { total: undefined } = {},
  ) => {
    return () => checkRest(readHead(206, headers), 600, { ...part, ...known })
  }

  it.each<Record<string, string>>([
    { 'content-range': 'bytes 600-999/1000' },
    { 'content-range': 'bytes 600-999/1000', 'content-length': '400', etag: '"v1"' },
    { 'content-range': 'bytes 600-999/1000', 'transfer-encoding': 'chunked' },
  ])('takes %j', (headers) => {
    expect(check(headers)).not.toThrow()
  })

  it.each<Record<string, string>>([
    {},
    { 'content-range': 'bytes 599-999/1000' },
    { 'content-range': 'bytes 601-999/1000' },
    { 'content-range': 'bytes 600-998/1000' },
    { 'content-range': 'bytes 600-1000/1001' },
    { 'content-range': 'bytes 600-999/*' },
    { 'content-range': 'bytes */1000' },
    { 'content-range': 'items 600-999/1000' },
    { 'content-range': 'bytes 600-999/1000', 'content-length': '399' },
    { 'content-range': 'bytes 600-999/1000', etag: '"v2"' },
  ])('refuses %j', (headers) => {
    expect(check(headers)).toThrow(/asked for the bytes from 600 on/)
  })

  it('learns the length when none was announced', () => {
    expect(check({ 'content-range': 'bytes 600-1000/1001' }, { total: undefined })).not.toThrow()
  })
})
