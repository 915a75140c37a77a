export const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** The opening brackets that are not closed yet, and the depth of the values to find. */
export class Brackets {
  readonly #maxDepth: number
  readonly #open: Uint8Array
  #beyond = 0
  depth = 0
  /** 0, or the depth within the array of posts. */
  base = 0

  /** @param maxDepth limit for one value */
  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth
    // A wrapper may be as deep as a value, and contain one.
    this.#open = new Uint8Array(maxDepth * 2 + 2)
  }

  /** @returns true while the value is within the allowed depth */
  push(opening: number): boolean {
    if (this.#beyond > 0 || this.depth - this.base >= this.#maxDepth) this.#beyond++
    else this.#open[this.depth++] = opening
    return this.#beyond === 0
  }

  /**
   * Closes the value's last bracket of this kind, and any unclosed ones inside it: those make the value invalid,
   * but must not swallow the next one.
   *
   * @returns true if the value had one
   */
  close(closing: number): boolean {
    if (this.#beyond > 0) {
      this.#beyond--
      return true
    }
    const opening = closing === CLOSE_OBJECT ? OPEN_OBJECT : OPEN_ARRAY
    let at = this.depth - 1
    while (at >= this.base && this.#open[at] !== opening) at--
    if (at < this.base) return false
    this.depth = at
    return true
  }

  /** Moves out of the array of posts. */
  leaveArray(): void {
    this.reset(this.base - 1)
    this.base = 0
  }

  reset(depth: number): void {
    this.depth = depth
    this.#beyond = 0
  }
}
