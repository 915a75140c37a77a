import { Transform, type TransformCallback } from 'node:stream'
import { ContainerError } from './container.ts'

/** Text compresses well below this; deflate reaches 1,032. */
export const MAX_RATIO = 300
/** Up to here, any ratio is harmless. */
export const FREE_BYTES = 16 * 1024 * 1024

export function isBomb(compressedBytes: number, bytes: number): boolean {
  return bytes > FREE_BYTES && bytes > compressedBytes * MAX_RATIO
}

export function bombError(): ContainerError {
  return new ContainerError('bomb', `it decompresses to more than ${MAX_RATIO} times its size`)
}

/** Counts the bytes that pass. */
export class Counter extends Transform {
  bytes = 0

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length
    done(null, chunk)
  }
}

/** Passes decompressed bytes on for as long as they are in proportion to those read. */
export class RatioGuard extends Transform {
  readonly #compressed: () => number
  #bytes = 0

  /** @param compressed how many compressed bytes have been read */
  constructor(compressed: () => number) {
    super()
    this.#compressed = compressed
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    if (isBomb(this.#compressed(), this.#bytes)) done(bombError())
    else done(null, chunk)
  }
}
