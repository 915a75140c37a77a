import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { FetchError } from '@mediakeep/content'
import { ConnectionError } from './connection-error.ts'
import type { Receiver } from './exchange.ts'
import { type FileSink, tooLarge } from './file-sink.ts'

/**
 * The one coding that a server applied though it was asked not to, or undefined. What is no known coding
 * (`aws-chunked`, `utf-8`, `none` …) is a slip in somebody's metadata; the bytes decide later.
 * @throws FetchError `encoding` for several codings on top of one another
 */
export function contentCoding(value: string | undefined, what: string): string | undefined {
  const codings = (value ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  const known = codings.filter((coding) => Object.hasOwn(DECODERS, coding))
  if (known.length > 1) throw new FetchError('rejected', 'encoding', `${what}: compressed more than once`)
  return known[0]
}

const DECODERS: Readonly<Record<string, (first: Buffer) => Transform>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
  // Servers disagree on whether `deflate` has a zlib header, whose low four bits are always 8.
  deflate: (first) => ((first[0]! & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()),
}

/** Inflates into a file, piece by piece: what comes out is counted against the file's cap, and what goes in too. */
export class DecodingReceiver implements Receiver {
  readonly #coding: string
  readonly #sink: FileSink
  readonly #maxBytes: number
  readonly #what: string
  readonly #failed = Promise.withResolvers<never>()
  readonly #ended = Promise.withResolvers<undefined>()
  #decoder: Transform | undefined
  #received = 0

  constructor(coding: string, sink: FileSink, maxBytes: number, what: string) {
    this.#coding = coding
    this.#sink = sink
    this.#maxBytes = maxBytes
    this.#what = what
    this.#failed.promise.catch(() => undefined)
  }

  write(chunk: Buffer): Promise<void> {
    this.#received += chunk.byteLength
    if (this.#received > this.#maxBytes) throw tooLarge(this.#what, this.#maxBytes)
    const decoder = (this.#decoder ??= this.#open(chunk))
    const taken = new Promise<void>(
      (resolve) => void decoder.write(chunk, (error) => (error ? undefined : resolve())),
    )
    return Promise.race([taken, this.#failed.promise])
  }

  /** @throws ConnectionError when the compressed bytes end early; FetchError `encoding` when they are none */
  async finish(): Promise<void> {
    const decoder = this.#decoder
    if (!decoder) return
    decoder.end()
    await Promise.race([this.#ended.promise, this.#failed.promise])
  }

  /** Frees what an unfinished decoder holds. */
  discard(): void {
    this.#decoder?.destroy()
  }

  #open(first: Buffer): Transform {
    const decoder = DECODERS[this.#coding]!(first)
    decoder.on('data', (chunk: Buffer) => this.#pass(decoder, chunk))
    decoder.on('end', () => this.#ended.resolve(undefined))
    decoder.on('error', (error) => this.#failed.reject(this.#explain(error)))
    return decoder
  }

  #pass(decoder: Transform, chunk: Buffer): void {
    try {
      const ready = this.#sink.write(chunk)
      if (!ready) return
      decoder.pause()
      ready.then(
        () => decoder.resume(),
        (error: unknown) => this.#fail(decoder, error),
      )
    } catch (error) {
      this.#fail(decoder, error)
    }
  }

  #fail(decoder: Transform, error: unknown): void {
    this.#failed.reject(error)
    decoder.destroy()
  }

  #explain(error: Error): Error {
    if ('code' in error && error.code === 'Z_BUF_ERROR') {
      return new ConnectionError('truncated', 'the compressed body ends early', { cause: error })
    }
    const message = `${this.#what}: the body is not the ${this.#coding} that the server calls it`
    return new FetchError('rejected', 'encoding', message, { cause: error })
  }
}
