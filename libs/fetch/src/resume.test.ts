import { describe, expect, it } from 'vitest'
import { parseHead } from './head.ts'
import { checkRest } from './resume.ts'
import { type Answer, breakOff, BYTES, ETAG, fetchFrom, HALF, sendRest, whole } from './resume.fixture.ts'
import { sampleBytes, sha256 } from './servers.fixture.ts'

const OTHER = sampleBytes(1_000_100).subarray(100)

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

  /** Sends the bytes chunked, with a clean end, as the complete rest. */
  const chunked = (bytes: (start: number) => Buffer): Answer => {
    return (request, response) => {
      const start = Number(request.headers.range?.slice(6, -1))
      response.writeHead(206, { 'content-range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` })
      response.end(bytes(start))
    }
  }

  it('is taken up again when the rest ends early, though in order', async () => {
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      chunked((start) => BYTES.subarray(start, start + 100_000)),
      chunked((start) => BYTES.subarray(start)),
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen).toHaveLength(3)
    expect(Number(seen[2]?.range?.slice(6, -1))).toBe(Number(seen[1]?.range?.slice(6, -1)) + 100_000)
  })

  it('is begun again when more comes than the rest', async () => {
    const { seen, result, read } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      chunked((start) => Buffer.concat([BYTES.subarray(start), Buffer.from('more')])),
      (_, response) => response.end(BYTES),
    ])
    expect(await result).toMatchObject(whole)
    expect(sha256(await read())).toBe(sha256(BYTES))
    expect(seen[2]).toMatchObject({ range: undefined })
  })

  it('is given up when the rest ends early each time', async () => {
    const { seen, work } = await fetchFrom([
      (_, response) => breakOff(response, ETAG),
      chunked((start) => BYTES.subarray(start, start + 100)),
    ])
    expect(await work).toMatchObject({ fate: 'failed', code: 'truncated' })
    expect(seen).toHaveLength(4)
  })

  it('is counted against the limit as one file', async () => {
    const larger: Answer = (request, response) => {
      const start = Number(request.headers.range?.slice(6, -1))
      const range = `bytes ${start}-${start + BYTES.length - 1}/${start + BYTES.length}`
      response.writeHead(206, { 'content-range': range }).end(BYTES)
    }
    const unannounced: Answer = (_request, response) => {
      response.writeHead(200, ETAG).write(BYTES.subarray(0, HALF))
      setTimeout(() => response.socket?.resetAndDestroy(), 30)
    }
    const { work } = await fetchFrom([unannounced, larger], { maxBytes: BYTES.length })
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
    return () => checkRest(headOf(headers), 600, { ...part, ...known })
  }

  const headOf = (headers: Record<string, string>) =>
    parseHead(['HTTP/1.1 206 Partial Content', ...Object.entries(headers).map((one) => one.join(': '))])

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
