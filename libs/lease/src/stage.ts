/** Result of one pass over a queue. */
export interface StageReport {
  readonly done: number
  readonly failed: number
}

/** One step of the pipeline: a queue, and the work done on each of its rows. */
export interface Stage {
  readonly name: string
  /** The work recurs even without news: passes without a failure are logged at debug. */
  readonly isRoutine?: boolean
  /** True if a pass calls `onProgress` and never waits for others: one that makes no call for long counts as hung. */
  readonly reportsProgress?: boolean
  /**
   * Works until nothing can be claimed now, or the signal aborts (gives back work already begun).
   *
   * @param onProgress called when items were settled
   */
  drain(signal: AbortSignal, onProgress?: () => void): Promise<StageReport>
}

/** Receives a stage's log messages for people. Pino's loggers are compatible. */
export interface StageLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
