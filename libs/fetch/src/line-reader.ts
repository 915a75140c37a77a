import type { ResponseError } from './response-error.ts'

const LF = 0x0a

/** Collects lines that end in LF or CRLF from bytes that arrive in pieces. Each byte is read once. */
export class LineReader {
  #held: Buffer[] = []
  #heldBytes = 0
  #bytes = 0

  /**
   * Continues at `start`.
   * @param maxBytes limit for all lines since `reset`
   * @param tooLong creates the error to throw beyond the limit
   * @returns the line without its end, as Latin-1, or undefined if it is incomplete; and where to continue
   */
  read(
    bytes: Buffer,
    start: number,
    maxBytes: number,
    tooLong: () => ResponseError,
  ): { readonly line: string | undefined; readonly next: number } {
    const found = bytes.indexOf(LF, start)
    const next = found === -1 ? bytes.byteLength : found + 1
    this.#bytes += next - start
    if (this.#bytes > maxBytes) throw tooLong()
    const piece = bytes.subarray(start, next)
    if (found === -1) {
      // The bytes are valid only during this call.
      this.#held.push(Buffer.from(piece))
      this.#heldBytes += piece.byteLength
      return { line: undefined, next }
    }
    const whole = this.#heldBytes === 0 ? piece : Buffer.concat([...this.#held, piece])
    this.#held = []
    this.#heldBytes = 0
    return { line: whole.toString('latin1').replace(/\r*\n$/, ''), next }
  }

  reset(): void {
    this.#bytes = 0
  }
}
