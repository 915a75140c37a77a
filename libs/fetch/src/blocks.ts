/**
 * Room for bytes that have come and are not on the disk yet. FetcherContext with the threads that hash and write: a block
 * that is handed over instead is a new one on each side, which cost a fifth of a download's time.
 */
export type Block = Buffer<SharedArrayBuffer>

/** Measured: below it the messages to the hashing threads show, above it the processor's cache does not hold it. */
export const BLOCK_BYTES = 256 * 1024

/** How many unused ones are kept: as many as 32 lanes fill at once. The garbage collector does not see how large others are. */
const MAX_IDLE = 96

/** Blocks are used again: a new one costs more than filling it does. */
export class Blocks {
  readonly #idle: Block[] = []

  /** What is in it has no meaning. */
  take(): Block {
    return this.#idle.pop() ?? Buffer.from(new SharedArrayBuffer(BLOCK_BYTES))
  }

  /** Takes a block back that nobody reads or writes any more. */
  release(block: Block): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(block)
  }
}
