import type { StageObserver } from './run-stages.ts'

interface Progress {
  /** Time of the last pass that ended without an error. */
  doneAt?: number
  /** Start of the current series of failed passes. */
  failingSince?: number
  error?: unknown
  /** Time of the last progress in the current pass, if its stage reports progress. */
  movedAt?: number
}

/** A stage that fails for this long, in milliseconds, does not recover by its own retries. */
const FAILING_MS = 5 * 60_000
/** No item of a stage that reports its progress takes this long, in milliseconds. */
const STUCK_MS = 20 * 60_000

/** The stages of this process do not work. */
class StagesFailingError extends Error {
  override readonly name = 'StagesFailingError'
  readonly code = 'stages_failing'
}

/** Records the progress of this process's stages, for health checks. */
export class StageProgress implements StageObserver {
  readonly #stages = new Map<string, Progress>()

  begin(stage: string): void {
    this.#stages.set(stage, {})
  }

  enter(stage: string, reportsProgress: boolean): void {
    if (reportsProgress) this.#stages.set(stage, { ...this.#stages.get(stage), movedAt: performance.now() })
  }

  advance(stage: string): void {
    this.enter(stage, true)
  }

  succeed(stage: string): void {
    this.#stages.set(stage, { doneAt: performance.now() })
  }

  fail(stage: string, error: unknown): void {
    const { failingSince = performance.now(), ...last } = this.#stages.get(stage) ?? {}
    this.#stages.set(stage, {
      ...(last.doneAt !== undefined && { doneAt: last.doneAt }),
      failingSince,
      error,
    })
  }

  /** Returns the error of a stage's last pass, or undefined if it did not fail. */
  failure(stage: string): unknown {
    return this.#stages.get(stage)?.error
  }

  /**
   * Returns the summary while every stage works.
   *
   * @throws StagesFailingError with the summary once a stage has failed for 5 minutes, or a pass has settled nothing for
   * 20 minutes
   */
  assertWorking(now = performance.now()): string {
    const isDown = ({ failingSince = Infinity, movedAt = Infinity }: Progress): boolean =>
      now - failingSince > FAILING_MS || now - movedAt > STUCK_MS
    const summary = this.summary()
    if ([...this.#stages.values()].some(isDown)) throw new StagesFailingError(summary)
    return summary
  }

  /** Returns one line; a stage that works on a long queue has not ended a pass yet. */
  summary(): string {
    return [...this.#stages].map(([stage, progress]) => `${stage} ${describe(progress)}`).join(', ')
  }
}

function describe({ doneAt, failingSince, error, movedAt }: Progress): string {
  if (failingSince !== undefined) return `failing for ${seconds(failingSince)} s (${messageOf(error)})`
  if (movedAt !== undefined && performance.now() - movedAt > STUCK_MS)
    return `without progress for ${seconds(movedAt)} s`
  return doneAt === undefined ? 'in its first pass' : `ok ${seconds(doneAt)} s ago`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000)
