import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { FetchError } from '@mediakeep/content'
import { type Coding, contentCodings, isApplied, PEEKED_BYTES } from './codings.ts'
import { ConnectionError } from './connection-error.ts'
import type { Receiver } from './exchange.ts'
import { tooLarge } from './file-sink.ts'

/** Receives bytes, then a call of `finish` at the end. */
export interface FinishingReceiver extends Receiver {
  finish(): Promise<void>
  discard(): void
}

export interface DecodingOptions {
  readonly maxBytes: number
  /** The URL, for messages. */
  readonly what: string
}

/**
 * Decodes a Content-Encoding on the way into `receiver`, piece by piece.
 * @returns undefined if there is no encoding
 * @throws FetchError `encoding` for more than two encodings
 */
export function decoding(
  value: string | undefined,
  receiver: Receiver,
  options: DecodingOptions,
): FinishingReceiver | undefined {
  let next: FinishingReceiver | undefined
  // Codings are listed in the order they were applied, so the last one is decoded first.
  for (const coding of contentCodings(value, options.what)) {
    next = new Layer(coding, next ?? { write: (chunk) => receiver.write(chunk), ...NOTHING_LEFT }, options)
  }
  return next
}

const NOTHING_LEFT = { finish: () => Promise.resolve(), discard: () => undefined }

const DECODERS: Readonly<Record<Coding, (first: Buffer) => Transform>> = {
  gzip: () => zlib.createGunzip(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
  // Servers disagree on whether `deflate` has a zlib header, whose low four bits are always 8.
  deflate: (first) => ((first[0]! & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()),
}

/** One coding. Its input counts towards the file's limit; so does its output, in the next receiver. */
class Layer implements FinishingReceiver {
  readonly #coding: Coding
  readonly #next: FinishingReceiver
  readonly #maxBytes: number
  readonly #what: string
  readonly #failed = Promise.withResolvers<never>()
  readonly #ended = Promise.withResolvers<undefined>()
  #decoder: Transform | undefined
  /** The first bytes, until there are enough to detect whether they are encoded at all. */
  #peeked: Buffer | undefined = Buffer.alloc(0)
  #received = 0

  constructor(coding: Coding, next: FinishingReceiver, { maxBytes, what }: DecodingOptions) {
    this.#coding = coding
    this.#next = next
    this.#maxBytes = maxBytes
    this.#what = what
    this.#failed.promise.catch(() => undefined)
  }

  write(chunk: Buffer): Promise<void> | undefined {
    this.#received += chunk.byteLength
    if (this.#received > this.#maxBytes) throw tooLarge(this.#what, this.#maxBytes)
    if (this.#peeked) {
      this.#peeked = Buffer.concat([this.#peeked, chunk])
      return this.#peeked.byteLength < PEEKED_BYTES ? undefined : this.#begin(this.#peeked)
    }
    // Copied, since the decoder reads it after this call.
    return this.#decoder ? this.#decode(this.#decoder, Buffer.from(chunk)) : this.#next.write(chunk)
  }

  /** @throws ConnectionError if the compressed bytes end early; FetchError `encoding` if they are invalid */
  async finish(): Promise<void> {
    if (this.#peeked && this.#peeked.byteLength > 0) await this.#begin(this.#peeked)
    if (this.#decoder) {
      this.#decoder.end()
      await Promise.race([this.#ended.promise, this.#failed.promise])
    }
    await this.#next.finish()
  }

  /** Frees the resources of an unfinished decoder. */
  discard(): void {
    this.#decoder?.destroy()
    this.#next.discard()
  }

  /** Passes bytes through unchanged if they do not match the header; their content is judged later. */
  #begin(first: Buffer): Promise<void> | undefined {
    this.#peeked = undefined
    if (!isApplied(this.#coding, first)) return this.#next.write(first)
    this.#decoder = this.#open(first)
    return this.#decode(this.#decoder, first)
  }

  #decode(decoder: Transform, bytes: Buffer): Promise<void> {
    const taken = new Promise<void>(
      (resolve) => void decoder.write(bytes, (error) => (error ? undefined : resolve())),
    )
    return Promise.race([taken, this.#failed.promise])
  }

  #open(first: Buffer): Transform {
    const decoder = DECODERS[this.#coding](first)
    decoder.on('data', (chunk: Buffer) => this.#pass(decoder, chunk))
    decoder.on('end', () => this.#ended.resolve(undefined))
    decoder.on('error', (error) => this.#failed.reject(this.#explain(error)))
    return decoder
  }

  #pass(decoder: Transform, chunk: Buffer): void {
    try {
      const ready = this.#next.write(chunk)
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
