import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { FetchError } from '@mediakeep/content'
import { type FetcherOptions, openFetcher, type OpenFetcher } from './fetcher.ts'

export interface Origin {
  /** `127.0.0.1:port`. */
  readonly host: string
  readonly port: number
  /** Number of connections accepted so far. */
  connections(): number
}

export async function listen(server: Server | HttpServer, address = '127.0.0.1', port = 0): Promise<Origin> {
  let connections = 0
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections++
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  const bound = server.address() as AddressInfo
  return { host: `${address}:${bound.port}`, port: bound.port, connections: () => connections }
}

/** A well-behaved server. */
export function httpOrigin(listener: RequestListener, address?: string, port?: number): Promise<Origin> {
  // On a busy machine, a client may take longer than Node's default of five seconds.
  return listen(createHttpServer({ keepAliveTimeout: 60_000 }, listener), address, port)
}

/** A server that sends arbitrary bytes; `reply` is called once per request head. */
export function rawOrigin(reply: (socket: Socket, request: string) => void): Promise<Origin> {
  return listen(
    createTcpServer((socket) => {
      socket.on('data', (data) => reply(socket, data.toString('latin1')))
    }),
  )
}

export interface Scene {
  readonly fetcher: OpenFetcher
  readonly folder: string
  readonly path: string
  /** Names of the files in the folder. */
  files(): Promise<string[]>
  read(): Promise<Buffer>
}

/** A fetcher that may reach `origins`, and a folder for the files it fetches. */
export async function scene(origins: readonly Origin[], options: FetcherOptions = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-fetch-'))
  const fetcher = openFetcher({ allowHosts: origins.map(({ host }) => host), ...options })
  onTestFinished(async () => {
    await fetcher.close()
    await rm(folder, { recursive: true })
  })
  const path = join(folder, 'file')
  return { fetcher, folder, path, files: () => readdir(folder), read: () => readFile(path) }
}

/** The FetchError that `work` rejects with. */
export async function failure(work: Promise<unknown>): Promise<FetchError> {
  const outcome: unknown = await work.then(
    () => new Error('it was fetched'),
    (error: unknown) => error,
  )
  if (outcome instanceof FetchError) return outcome
  throw outcome
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Bytes without repetition, so that a misplaced part is detected. */
export function sampleBytes(length: number): Buffer {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, index) =>
    Math.imul(index + 1, 2654435761),
  )
  return Buffer.from(words.buffer, 0, length)
}

/** Writes the pieces one after another, `everyMs` apart; runs forever if `pieces` is endless. */
export async function trickle(
  socket: Socket,
  everyMs: number,
  pieces: Iterable<string | Buffer>,
): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    if (!socket.write(piece))
      await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
    await sleep(everyMs)
  }
}

export function* endless<T>(piece: T): Generator<T> {
  for (;;) yield piece
}
