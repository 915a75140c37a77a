/**
 * Space for received bytes that are not on disk yet. Shared with the threads that hash and write: passing a block
 * in a message would create a new one on each side, which took a fifth of a download's time.
 */
export type Block = Buffer<SharedArrayBuffer>

/** Measured: with smaller blocks, messages to the hashing threads slow it down; larger ones exceed the CPU cache. */
export const BLOCK_BYTES = 256 * 1024

/** Maximum number of unused blocks: as many as 32 lanes fill at once. The garbage collector does not see their size. */
const MAX_IDLE = 96

/** Reuses blocks: creating one costs more than filling it. */
export class Blocks {
  readonly #idle: Block[] = []

  /** Its content is undefined. */
  take(): Block {
    return this.#idle.pop() ?? Buffer.from(new SharedArrayBuffer(BLOCK_BYTES))
  }

  /** Takes back a block that nothing reads or writes any more. */
  release(block: Block): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(block)
  }
}
