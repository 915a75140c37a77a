/** The text is not a valid cursor. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
  readonly code = 'CURSOR_INVALID'
}

/** Some or all of the events after the cursor are pruned. */
export class CursorExpiredError extends Error {
  override readonly name = 'CursorExpiredError'
  readonly code = 'CURSOR_EXPIRED'
  /** Everything up to this number is pruned, and nothing after it. */
  readonly pruned: number

  constructor(message: string, pruned: number) {
    super(message)
    this.pruned = pruned
  }
}

/**
 * The log does not have the events that the cursor has seen: the cursor belongs to another database, or the database
 * was restored or lost its last commits in a failover.
 */
export class CursorUnknownError extends Error {
  override readonly name = 'CursorUnknownError'
  readonly code = 'CURSOR_UNKNOWN'
}
