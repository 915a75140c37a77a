/** What was given as a cursor is none. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'CURSOR_INVALID'
}

/** What follows the cursor is pruned, in part at least. */
export class CursorExpiredError extends Error {
  override readonly name = 'CursorExpiredError'
  readonly code = 'CURSOR_EXPIRED'
  /** All up to this number is pruned, and nothing behind it. */
  readonly pruned: number

  constructor(message: string, pruned: number) {
    super(message)
    this.pruned = pruned
  }
}

/**
 * The log does not hold what the cursor has seen: it belongs to another database, or to one that was restored, or lost
 * its last commits in a failover, since.
 */
export class CursorUnknownError extends Error {
  override readonly name = 'CursorUnknownError'
  readonly code = 'CURSOR_UNKNOWN'
}
