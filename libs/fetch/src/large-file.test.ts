import type { Socket } from 'node:net'
import { createServer as createHttpsServer } from 'node:https'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { digestBytes } from '@mediakeep/checksum'
import { CERTIFICATE, PRIVATE_KEY } from './certificate.fixture.ts'
import { failure, httpOrigin, listen, rawOrigin, sampleBytes, scene, trickle } from './servers.fixture.ts'

const BYTES = sampleBytes(20_000_003)
const whole = { digests: digestBytes(BYTES), lengthVerified: true }
const HEAD = `HTTP/1.1 200 OK\r\netag: "v1"\r\ncontent-length: ${BYTES.length}\r\n\r\n`

function* slices(size: number, from = 0): Generator<Buffer> {
  for (let start = from; start < BYTES.length; start += size) yield BYTES.subarray(start, start + size)
}

describe('a file too large to be read through the client', () => {
  it.each([
    ['in pieces of all sizes', (socket: Socket) => void trickle(socket, 0, [HEAD, ...slices(777_777)])],
    [
      'with the head in one piece',
      (socket: Socket) => void socket.write(Buffer.concat([Buffer.from(HEAD), BYTES])),
    ],
    [
      'with the head in many',
      (socket: Socket) => void trickle(socket, 1, [...Array.from(HEAD), ...slices(BYTES.length)]),
    ],
    [
      'with more behind it than was announced',
      (socket: Socket) => void socket.write(Buffer.concat([Buffer.from(HEAD), BYTES, BYTES])),
    ],
  ])('arrives whole: %s', async (_what, reply) => {
    const origin = await rawOrigin(reply)
    const { fetcher, path, read } = await scene([origin])
    expect(await fetcher.fetch(`http://${origin.host}/`, path)).toMatchObject(whole)
    expect(Buffer.compare(await read(), BYTES)).toBe(0)
  })

  it('arrives whole over TLS, and the next one too', async () => {
    const known = getCACertificates('default')
    setDefaultCACertificates([...known, CERTIFICATE])
    onTestFinished(() => setDefaultCACertificates(known))
    const server = createHttpsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (_request, response) => {
      response.setHeader('content-length', BYTES.length).end(BYTES)
    })
    const { port } = await listen(server)
    const { fetcher, path, read } = await scene([], {
      allowHosts: [`cdn.example:${port}`],
      resolver: { lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) },
    })
    for (let n = 0; n < 2; n++) {
      expect(await fetcher.fetch(`https://cdn.example:${port}/`, path)).toMatchObject(whole)
      expect(Buffer.compare(await read(), BYTES)).toBe(0)
    }
  })

  it.each([
    ['FIN', (socket: Socket) => void socket.end()],
    ['RST', (socket: Socket) => void setTimeout(() => socket.resetAndDestroy(), 30)],
  ])('is taken up where %s cut it', async (_what, cut) => {
    const ranges: number[] = []
    const origin = await rawOrigin((socket, request) => {
      const from = Number(/range: bytes=(\d+)-/.exec(request)?.[1] ?? 0)
      ranges.push(from)
      if (from === 0) socket.write(HEAD)
      else {
        const length = BYTES.length - from
        const range = `bytes ${from}-${BYTES.length - 1}/${BYTES.length}`
        socket.write(
          `HTTP/1.1 206 Partial\r\netag: "v1"\r\ncontent-range: ${range}\r\ncontent-length: ${length}\r\n\r\n`,
        )
      }
      const end = Math.min(from + 9_000_000, BYTES.length)
      socket.write(BYTES.subarray(from, end), () => (end < BYTES.length ? cut(socket) : undefined))
    })
    const { fetcher, path, read } = await scene([origin])
    expect(await fetcher.fetch(`http://${origin.host}/`, path)).toMatchObject(whole)
    expect(Buffer.compare(await read(), BYTES)).toBe(0)
    expect(ranges.length).toBeGreaterThan(1)
    expect(ranges[1]).toBeGreaterThan(0)
  })

  it('is left when it drips in its middle', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write(HEAD)
      socket.write(BYTES.subarray(0, 9_000_000))
      void trickle(socket, 10, slices(1, 9_000_000))
    })
    const { fetcher, path, files } = await scene([origin], { timeoutMs: 400 })
    expect(await failure(fetcher.fetch(`http://${origin.host}/`, path))).toMatchObject({ code: 'stalled' })
    expect(await files()).toEqual([])
  })

  it('is given up when the caller is no longer interested', async () => {
    const controller = new AbortController()
    const origin = await rawOrigin((socket) => {
      socket.write(HEAD)
      socket.write(BYTES.subarray(0, 9_000_000), () => controller.abort(new Error('stop')))
    })
    const { fetcher, path, files } = await scene([origin])
    await expect(fetcher.fetch(`http://${origin.host}/`, path, controller.signal)).rejects.toThrow('stop')
    expect(await files()).toEqual([])
  })

  it('is not confused with others that come at the same time', async () => {
    const origin = await httpOrigin((request, response) => {
      const body = BYTES.subarray(Number(request.url?.slice(1)))
      response.setHeader('content-length', body.length).end(body)
    })
    const { fetcher, path } = await scene([origin])
    const offsets = [0, 1, 2, 3, 19_999_000, 10_000_000, 19_500_000]
    const fetched = await Promise.all(
      offsets.map((offset) => fetcher.fetch(`http://${origin.host}/${offset}`, `${path}-${offset}`)),
    )
    expect(fetched.map(({ digests }) => digests)).toEqual(
      offsets.map((offset) => digestBytes(BYTES.subarray(offset))),
    )
  })
})
