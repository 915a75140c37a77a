/** What one pass over a queue did. */
export interface StageReport {
  readonly done: number
  readonly failed: number
}

/** One step of the pipeline: a queue and what is done with each row of it. */
export interface Stage {
  readonly name: string
  /** Its work comes round whether there is news or not: passes without a failure are logged at debug. */
  readonly isRoutine?: boolean
  /** Works until nothing is left that could be claimed now, or the signal aborts (what is begun is given back). */
  drain(signal: AbortSignal): Promise<StageReport>
}

/** Where a stage says what a person should know. Pino's loggers are one. */
export interface StageLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
