import { describe, expect, it } from 'vitest'
import { failure, rawOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

const BYTES = sampleBytes(50_000)

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
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['has endless headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['has two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\naa'],
    [
      'has a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    ],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('or %s fails', async (_what, answer) => {
    const origin = await rawOrigin((socket) => void socket.write(answer))
    const { fetcher, path, files } = await scene([origin], { timeoutMs: 1000 })
    expect(await failure(fetcher.fetch(`http://${origin.host}/`, path))).toMatchObject({ fate: 'failed' })
    expect(await files()).toEqual([])
  })
})
