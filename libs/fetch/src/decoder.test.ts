import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  endless,
  failure,
  httpOrigin,
  rawOrigin,
  sampleBytes,
  scene,
  sha256,
  trickle,
} from './servers.fixture.ts'

const MIB = 1024 * 1024
const BYTES = sampleBytes(50_000)

describe('a server that compresses though asked not to', () => {
  it.each([
    ['gzip', gzipSync(BYTES)],
    ['x-gzip', gzipSync(BYTES)],
    ['GZIP', gzipSync(BYTES)],
    ['deflate', deflateSync(BYTES)],
    ['deflate', deflateRawSync(BYTES)],
    ['br', brotliCompressSync(BYTES)],
    ['zstd', zstdCompressSync(BYTES)],
    ['aws-chunked', BYTES],
    ['identity', BYTES],
    ['constructor', BYTES],
    ['aws-chunked, gzip', gzipSync(BYTES)],
    ['gzip', Buffer.concat([gzipSync(BYTES), Buffer.alloc(3000)])],
  ])('by %s is understood', async (coding, body) => {
    const origin = await httpOrigin((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding })
      response.write(body.subarray(0, 100))
      setTimeout(() => response.end(body.subarray(100)), 20)
    })
    const { fetcher, path, read } = await scene([origin])
    const { digests } = await fetcher.fetch(`http://${origin.host}/`, path)
    expect(digests.sha256).toBe(sha256(BYTES))
    expect(await read()).toEqual(BYTES)
  })

  it.each(['gzip', 'br', 'zstd', 'deflate'])(
    'cannot send a %s bomb',
    async (coding) => {
      const bomb = Buffer.alloc(200 * MIB)
      const compress = {
        gzip: gzipSync,
        br: (b: Buffer) => brotliCompressSync(b, { params: { 1: 1 } }),
        zstd: zstdCompressSync,
        deflate: deflateSync,
      }[coding]!
      const body = compress(bomb)
      const origin = await httpOrigin((_request, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(body)
      })
      const { fetcher, path, files } = await scene([origin], { maxBytes: 5 * MIB })
      const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
      expect(error).toMatchObject({ fate: 'rejected', code: 'too_large' })
      expect(await files()).toEqual([])
    },
    20_000,
  )

  it('cannot go on for ever behind the end of the compressed bytes', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n')
      socket.write(gzipSync(BYTES))
      void trickle(socket, 0, endless(Buffer.alloc(65_536)))
    })
    const { fetcher, path, files } = await scene([origin], { maxBytes: MIB })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'too_large' })
    expect(await files()).toEqual([])
  })

  it.each([
    ['gzip', BYTES],
    ['zstd', BYTES],
    ['gzip', Buffer.from('\xff')],
    ...['gzip', 'br', 'zstd', 'deflate'].map((coding): [string, Buffer] => [
      coding,
      Buffer.concat([Buffer.from('ffd8ffe000104a4649460001', 'hex'), BYTES]),
    ]),
  ])('and names %s without having applied it: the bytes are kept as they are', async (coding, body) => {
    const origin = await httpOrigin((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(body)
    })
    const { fetcher, path, read } = await scene([origin])
    await fetcher.fetch(`http://${origin.host}/`, path)
    expect(await read()).toEqual(body)
  })

  it.each<[string, string | string[], Buffer]>([
    ['twice', 'gzip, gzip', gzipSync(gzipSync(BYTES))],
    ['by two codings', 'br, gzip', gzipSync(brotliCompressSync(BYTES))],
    ['once, and says it twice', ['gzip', 'gzip'], gzipSync(BYTES)],
  ])('%s is understood', async (_what, coding, body) => {
    const origin = await httpOrigin((_request, response) => {
      response.setHeader('content-encoding', coding).end(body)
    })
    const { fetcher, path } = await scene([origin])
    expect((await fetcher.fetch(`http://${origin.host}/`, path)).digests.sha256).toBe(sha256(BYTES))
  })

  it('three times over is rejected, and so is a bomb in two layers', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(200 * MIB)))
    const origin = await httpOrigin((request, response) => {
      const isBomb = request.url === '/bomb'
      response.writeHead(200, { 'content-encoding': isBomb ? 'gzip, gzip' : 'gzip, gzip, gzip' })
      response.end(isBomb ? bomb : gzipSync(BYTES))
    })
    const { fetcher, path, files } = await scene([origin], { maxBytes: 5 * MIB })
    expect(await failure(fetcher.fetch(`http://${origin.host}/`, path))).toMatchObject({ code: 'encoding' })
    expect(await failure(fetcher.fetch(`http://${origin.host}/bomb`, path))).toMatchObject({
      code: 'too_large',
    })
    expect(await files()).toEqual([])
  })

  it('is rejected when the compressed bytes are damaged', async () => {
    const body = gzipSync(BYTES)
    body.fill(0xff, 1000, 1100)
    const origin = await httpOrigin((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
    })
    const { fetcher, path, files } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'encoding' })
    expect(await files()).toEqual([])
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['deflate', deflateSync],
  ])(
    'by %s and closes the connection once all has been sent gives the whole file',
    async (coding, compress) => {
      const large = Buffer.concat(Array.from({ length: 40 }, () => BYTES))
      const body = compress(large)
      const origin = await rawOrigin((socket) => {
        const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`
        socket.end(Buffer.concat([Buffer.from(head), body]))
      })
      const { fetcher, path } = await scene([origin])
      for (let round = 0; round < 5; round++) {
        const { digests, lengthVerified } = await fetcher.fetch(`http://${origin.host}/`, path)
        expect([digests.sha256, lengthVerified]).toEqual([sha256(large), true])
      }
      expect(origin.connections()).toBe(5)
    },
  )

  it('and cuts the compressed bytes is asked again, then given up', async () => {
    let requests = 0
    const body = gzipSync(BYTES)
    const origin = await httpOrigin((_request, response) => {
      requests++
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body.subarray(0, body.length - 20))
    })
    const { fetcher, path, files } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code: 'truncated' })
    expect(requests).toBe(4)
    expect(await files()).toEqual([])
  })
})
