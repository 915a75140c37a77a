import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
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

describe('a server that takes its time', () => {
  const limits = { timeoutMs: 400, deadlineMs: 20_000, minBytesPerSecond: 32 * 1024 }

  it.each([
    ['says nothing', () => undefined],
    [
      'sends endless 1xx heads',
      (socket: Socket) => void trickle(socket, 20, endless('HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n')),
    ],
    [
      'sends 102 without a pause',
      (socket: Socket) => void trickle(socket, 0, endless('HTTP/1.1 102 Processing\r\n\r\n')),
    ],
    [
      'drips its head',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ')
        void trickle(socket, 20, endless('a'))
      },
    ],
    [
      'drips its body',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n')
        void trickle(socket, 10, endless('a'))
      },
    ],
    [
      'drips chunks',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
        void trickle(socket, 10, endless('1\r\na\r\n'))
      },
    ],
    [
      'starts well and then drips',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n')
        socket.write(sampleBytes(50_000))
        void trickle(socket, 10, endless('a'))
      },
    ],
  ])('and %s is left: stalled', async (_what, reply) => {
    const origin = await rawOrigin(reply)
    const { fetcher, path, files } = await scene([origin], limits)
    const start = performance.now()
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code: 'stalled' })
    expect(error.message).toContain('DOWNLOAD_TIMEOUT_MS')
    expect(performance.now() - start).toBeLessThan(4000)
    expect(origin.connections()).toBe(1)
    expect(await files()).toEqual([])
  })

  it('but keeps the rate is heard beyond the deadline', async () => {
    const piece = sampleBytes(2000)
    const origin = await rawOrigin((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${150 * piece.length}\r\n\r\n`)
      void trickle(socket, 10, Array<Buffer>(150).fill(piece))
    })
    const { fetcher, path } = await scene([origin], { ...limits, deadlineMs: 500 })
    const start = performance.now()
    const { digests } = await fetcher.fetch(`http://${origin.host}/`, path)
    expect(digests.byteSize).toBe(150 * piece.length)
    expect(performance.now() - start).toBeGreaterThan(1000)
  })

  it('but keeps the rate for ever is left when it has sent too much', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      void trickle(socket, 10, endless(Buffer.alloc(2000)))
    })
    const { fetcher, path, files } = await scene([origin], { ...limits, deadlineMs: 500, maxBytes: 200_000 })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'too_large' })
    expect(await files()).toEqual([])
  })

  it('before each of many redirects is left at the deadline', async () => {
    const origin = await httpOrigin((request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 250)
    })
    const { fetcher, path, files } = await scene([origin], { ...limits, deadlineMs: 700 })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code: 'deadline' })
    expect(await files()).toEqual([])
  })

  it('is heard to the end when it is slow but honest: 100 MiB', async () => {
    const piece = sampleBytes(MIB)
    const origin = await rawOrigin((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${100 * MIB}\r\n\r\n`)
      void trickle(socket, 20, Array<Buffer>(100).fill(piece))
    })
    // Lasts many windows, and is never idle for a whole one.
    const { fetcher, path } = await scene([origin], { ...limits, timeoutMs: 300 })
    const { digests, lengthVerified } = await fetcher.fetch(`http://${origin.host}/`, path)
    expect(digests.byteSize).toBe(100 * MIB)
    expect(lengthVerified).toBe(true)
  })

  it('is not blamed for a disk that does not keep up', async () => {
    const bytes = sampleBytes(3 * MIB)
    const origin = await httpOrigin((_request, response) => response.end(bytes))
    const { fetcher, path } = await scene([origin], limits)
    execFileSync('mkfifo', [path])
    const work = fetcher.fetch(`http://${origin.host}/`, path)
    await sleep(1500)
    const read = readFile(path)
    expect(await work).toMatchObject({ digests: { byteSize: bytes.length } })
    expect(sha256(await read)).toBe(sha256(bytes))
  })

  it('and a name that is looked up for ever is given up', async () => {
    const resolver = { lookup: () => new Promise<never>(() => undefined) }
    const { fetcher, path } = await scene([], { ...limits, resolver })
    expect(await failure(fetcher.fetch('http://slow.example/', path))).toMatchObject({ code: 'stalled' })
  })
})
