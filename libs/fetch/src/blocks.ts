/** Room for bytes that have come and are not on the disk yet. */
export type Block = Buffer<ArrayBuffer>

/** Measured: below it the messages to the hashing threads show, above it the processor's cache does not hold it. */
export const BLOCK_BYTES = 256 * 1024

/** How many unused ones are kept; others go to the garbage collector. */
const MAX_IDLE = 64

/** Blocks are used again: a new one costs more than filling it does. */
export class Blocks {
  readonly #idle: Block[] = []

  /** What is in it has no meaning. */
  take(): Block {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  }

  /** Takes a block back that nobody reads or writes any more. */
  release(block: Block): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(block)
  }
}
