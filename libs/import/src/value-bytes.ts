/** Bytes kept for display when a value cannot be kept whole. */
const EXCERPT = 256

/** The bytes of one value, which may span many chunks; if it is too large, only its beginning. */
export class ValueBytes {
  readonly #maxBytes: number
  #pieces: Buffer[] = []
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get tooLarge(): boolean {
    return this.#length > this.#maxBytes
  }

  /** @param whole false when only the beginning is still needed */
  add(bytes: Buffer, whole: boolean): void {
    const isKept = this.#pieces.length === 0 || (whole && !this.tooLarge)
    this.#length += bytes.length
    if (isKept) this.#pieces.push(bytes)
    if (!whole || this.tooLarge) this.#pieces = [Buffer.from(this.join().subarray(0, EXCERPT))]
  }

  join(): Buffer {
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
  }

  /** Reads bytes `from` up to `to` (exclusive) of the value; `last` holds the bytes not added yet. */
  read(from: number, to: number, last: Buffer): Buffer {
    return from >= this.#length
      ? last.subarray(from - this.#length, to - this.#length)
      : Buffer.concat([...this.#pieces, last]).subarray(from, to)
  }

  clear(): void {
    this.#pieces = []
    this.#length = 0
  }
}
