/** What one pass over a queue did. */
export interface StageReport {
  readonly done: number
  readonly failed: number
}

/** One step of the pipeline: a queue and what is done with each row of it. */
export interface Stage {
  readonly name: string
  /** Works until nothing is left that could be claimed now, or the signal aborts (what is begun is given back). */
  drain(signal: AbortSignal): Promise<StageReport>
}
