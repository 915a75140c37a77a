import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { failure, rawOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

const BYTES = sampleBytes(50_000)
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n'

describe('a server that cuts the file', () => {
  const part = BYTES.subarray(0, 30_000)
  const chunk = Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])

  it.each([
    ['FIN before the announced length', `content-length: ${BYTES.length}\r\n\r\n`, part, 'end'],
    [
      'FIN before it, connection: close',
      `connection: close\r\ncontent-length: ${BYTES.length}\r\n\r\n`,
      part,
      'end',
    ],
    ['RST before it', `content-length: ${BYTES.length}\r\n\r\n`, part, 'reset'],
    [
      'RST before it, connection: close',
      `connection: close\r\ncontent-length: ${BYTES.length}\r\n\r\n`,
      part,
      'reset',
    ],
    ['RST without a length', '\r\n', part, 'reset'],
    ['RST without a length, connection: close', 'connection: close\r\n\r\n', part, 'reset'],
    ['FIN before the last chunk', 'transfer-encoding: chunked\r\n\r\n', chunk, 'end'],
    [
      'FIN before the last chunk, connection: close',
      'connection: close\r\ntransfer-encoding: chunked\r\n\r\n',
      chunk,
      'end',
    ],
    ['RST before the last chunk', 'transfer-encoding: chunked\r\n\r\n', chunk, 'reset'],
    [
      'RST before the last chunk, connection: close',
      'connection: close\r\ntransfer-encoding: chunked\r\n\r\n',
      chunk,
      'reset',
    ],
    ['FIN within the head', 'content-le', '', 'end'],
    ['FIN before the head', '', '', 'end'],
  ])('%s: asked again, then failed', async (_what, headers, body, end) => {
    const origin = await rawOrigin((socket) => {
      if (headers !== '') socket.write(`HTTP/1.1 200 OK\r\n${headers}`)
      socket.write(body)
      setTimeout(() => (end === 'end' ? socket.end() : socket.resetAndDestroy()), 30)
    })
    const { fetcher, path, files } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error.fate).toBe('failed')
    expect(error.code).toMatch(/^(truncated|connection)$/)
    expect(origin.connections()).toBe(4)
    expect(await files()).toEqual([])
  })

  it('or only closes the connection, without having announced a length: kept, but not verified', async () => {
    const origin = await rawOrigin(
      (socket) => void socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), BYTES])),
    )
    const { fetcher, path } = await scene([origin])
    const { digests, lengthVerified } = await fetcher.fetch(`http://${origin.host}/`, path)
    expect(digests.sha256).toBe(sha256(BYTES))
    expect(lengthVerified).toBe(false)
  })

  it('not, but ends with the last chunk: verified', async () => {
    const origin = await rawOrigin((socket) => {
      const head = 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n'
      socket.end(Buffer.concat([Buffer.from(head), chunk, Buffer.from('0\r\n\r\n')]))
    })
    const { fetcher, path } = await scene([origin])
    expect(await fetcher.fetch(`http://${origin.host}/`, path)).toMatchObject({ lengthVerified: true })
  })

  it.each([
    'content-length: 0\r\n\r\n',
    'connection: close\r\n\r\n',
    'transfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ])('down to nothing (%j) is rejected: empty', async (headers) => {
    const origin = await rawOrigin((socket) => void socket.end(`HTTP/1.1 200 OK\r\n${headers}`))
    const { fetcher, path, files } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'empty' })
    expect(await files()).toEqual([])
  })

  it.each([
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /not valid HTTP: it begins with "SSH-2.0/],
    ['has endless headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, /larger than 64 KiB/],
    [
      'has two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\naa',
      /several Content-Lengths: 1, 2/,
    ],
    [
      'has a length that is none',
      'HTTP/1.1 200 OK\r\ncontent-length: 1e3\r\n\r\na',
      /Content-Length is "1e3"/,
    ],
    [
      'compresses its transfer',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n',
      /Transfer-Encoding/,
    ],
    ['has a NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n', /NUL/],
    ['has a chunk without a size', `HTTP/1.1 200 OK\r\n${CHUNKED}xyz\r\n`, /a chunk begins with "xyz"/],
    ['has a chunk that is too long', `HTTP/1.1 200 OK\r\n${CHUNKED}1\r\nabc\r\n`, /longer than it says/],
    ['has endless trailers', `HTTP/1.1 200 OK\r\n${CHUNKED}0\r\n${'x: y\r\n'.repeat(20_000)}`, /64 KiB/],
    ['has an endless line', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, /64 KiB/],
    [
      'switches protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      /switches protocols/,
    ],
  ])('or %s fails, with the reason, after one request', async (_what, answer, reason) => {
    const origin = await rawOrigin((socket) => void socket.write(answer))
    const { fetcher, path, files } = await scene([origin], { timeoutMs: 1000 })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'failed' })
    expect(error.code).toMatch(/^(malformed_response|headers_too_large)$/)
    expect(error.message).toMatch(reason)
    expect(origin.connections()).toBe(1)
    expect(await files()).toEqual([])
  })
})

describe('an answer that browsers read', () => {
  const small = BYTES.subarray(0, 5000)
  const length = `Content-Length: ${small.length}\r\n`
  const chunked = Buffer.concat([Buffer.from('1388\r\n'), small, Buffer.from('\r\n0\r\n\r\n')])
  const lineFeeds = Buffer.concat([Buffer.from('1388;x=y\n'), small, Buffer.from('\n0\nx: y\n\n')])

  it.each<[string, string, Buffer]>([
    ['two equal lengths', `HTTP/1.1 200 OK\r\n${length}${length}\r\n`, small],
    ['equal lengths in one header', 'HTTP/1.1 200 OK\r\nContent-Length: 5000, 5000\r\n\r\n', small],
    ['lines without CR', 'HTTP/1.1 200 OK\nContent-Length: 5000\n\n', small],
    ['a length and chunks', `HTTP/1.1 200 OK\r\n${length}${CHUNKED}`, chunked],
    ['chunks without CR', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n', lineFeeds],
    ['identity as its transfer', `HTTP/1.0 200 OK\r\nTransfer-Encoding: identity\r\n${length}\r\n`, small],
    ['control characters', `HTTP/1.1 200 OK\r\nx: a\x01b\r\n${length}\r\n`, small],
    ['a space in a name', `HTTP/1.1 200 OK\r\nX Bad: 1\r\n${length}\r\n`, small],
    ['a space behind a name', 'HTTP/1.1 200 OK\r\nContent-Length : 5000\r\n\r\n', small],
    ['a line without a colon', `HTTP/1.1 200 OK\r\nX-Frame="a b"\r\n${length}\r\n`, small],
    ['a value in two lines', `HTTP/1.1 200 OK\r\nx: a\r\n b\r\n${length}\r\n`, small],
    ['no reason phrase', `HTTP/1.1 200\r\n${length}\r\n`, small],
    ['an empty line first', `\r\nHTTP/1.1 200 OK\r\n${length}\r\n`, small],
    ['early hints', `HTTP/1.1 103 Early\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n${length}\r\n`, small],
    ['42 KB of headers', `HTTP/1.1 200 OK\r\n${`c: ${'x'.repeat(3500)}\r\n`.repeat(12)}${length}\r\n`, small],
  ])('is read here: %s', async (_what, head, body) => {
    const origin = await rawOrigin(
      (socket) => void socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body])),
    )
    const { fetcher, path } = await scene([origin], { timeoutMs: 2000 })
    for (let round = 0; round < 2; round++) {
      const { digests, lengthVerified } = await fetcher.fetch(`http://${origin.host}/`, path)
      expect(digests.sha256).toBe(sha256(small))
      expect(lengthVerified).toBe(true)
    }
  })

  it.each([
    ['more than it announced', 'Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['a length and chunks', `Content-Length: 2\r\n${CHUNKED}2\r\nok\r\n0\r\n\r\n`],
    ['a line without a colon', 'X-Odd\r\nContent-Length: 2\r\n\r\nok'],
    ['Connection: close', 'Connection: close\r\nContent-Length: 2\r\n\r\nok'],
  ])('ends its connection when it has %s', async (_what, answer) => {
    const origin = await rawOrigin((socket) => void socket.write(`HTTP/1.1 200 OK\r\n${answer}`))
    const { fetcher, path, read } = await scene([origin])
    for (let round = 0; round < 3; round++) {
      await fetcher.fetch(`http://${origin.host}/`, path)
      expect(String(await read())).toBe('ok')
    }
    expect(origin.connections()).toBe(3)
  })

  it('is refused when it says more than was asked on a kept connection', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), 20)
    })
    const { fetcher, path, read } = await scene([origin])
    for (let round = 0; round < 3; round++) {
      await fetcher.fetch(`http://${origin.host}/`, path)
      expect(String(await read())).toBe('ok')
      await sleep(100)
    }
    expect(origin.connections()).toBe(3)
  })
})
