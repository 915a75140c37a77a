import { createHash, type Hash } from 'node:crypto'

/** Digests of a content. MD5 names files and finds duplicates; SHA-256 proves the content. */
export interface Digests {
  /** 32 lower-case hex digits. */
  readonly md5: string
  /** 64 lower-case hex digits. */
  readonly sha256: string
  readonly byteSize: number
}

/** Small enough that the second digest still finds the bytes in the CPU cache. */
const SLICE_BYTES = 128 * 1024

/** Computes both digests of a stream of bytes in one pass. */
export class DigestCounter {
  readonly #md5: Hash = createHash('md5')
  readonly #sha256: Hash = createHash('sha256')
  #byteSize = 0

  get byteSize(): number {
    return this.#byteSize
  }

  update(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.byteLength; start += SLICE_BYTES) {
      const slice = chunk.subarray(start, start + SLICE_BYTES)
      this.#md5.update(slice)
      this.#sha256.update(slice)
    }
    this.#byteSize += chunk.byteLength
  }

  /** Finishes the digests; no updates are possible afterwards. */
  digests(): Digests {
    return {
      md5: this.#md5.digest('hex'),
      sha256: this.#sha256.digest('hex'),
      byteSize: this.#byteSize,
    }
  }
}
