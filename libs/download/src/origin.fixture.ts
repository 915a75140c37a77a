import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32, deflateSync } from 'node:zlib'

export interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array | string
  readonly delayMs?: number
  /** Sends no length: the end of the connection is the end of the body. */
  readonly isEndless?: boolean
}

/** A server on loopback that serves files, and counts requests. */
export interface Origin {
  readonly host: string
  /** Requested paths, in order. */
  readonly asked: string[]
  /** Maximum number of requests served at one time. */
  readonly peak: () => number
  url(path: string): string
  close(): Promise<void>
}

export async function openOrigin(reply: (path: string) => Reply): Promise<Origin> {
  const asked: string[] = []
  let open = 0
  let peak = 0
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    peak = Math.max(peak, ++open)
    asked.push(path)
    const { status = 200, headers = {}, body = '', delayMs = 0, isEndless = false } = reply(path)
    if (delayMs > 0) await sleep(delayMs)
    open--
    response.useChunkedEncodingByDefault = false
    const length = isEndless ? { connection: 'close' } : { 'content-length': Buffer.byteLength(body) }
    response.writeHead(status, { 'content-type': 'image/png', ...length, ...headers })
    response.end(body)
  }
  const server = createServer((request, response) => void answer(request.url ?? '/', response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    asked,
    peak: () => peak,
    url: (path) => `http://${host}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A valid PNG of 8 by 8 pixels whose bytes depend on the seed, followed by `padding` bytes. */
export function png(seed: string, padding = 0): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(8, 0)
  head.writeUInt32BE(8, 4)
  head.set([8, 2], 8)
  const pixels = Buffer.alloc(8 * 25)
  for (let at = 0; at < seed.length; at++) pixels[(at % 8) * 25 + 1 + ((at >> 3) % 24)] = seed.charCodeAt(at)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from(`Comment\0${seed}${'.'.repeat(padding)}`)),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(typed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}
