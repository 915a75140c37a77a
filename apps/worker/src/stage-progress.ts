import type { StageObserver } from './run-stages.ts'

interface Progress {
  /** Time of the last pass that ended without an error. */
  doneAt?: number
  /** Start of the current series of failed passes. */
  failingSince?: number
  error?: unknown
}

/** Records the progress of this process's stages, for health checks. */
export class StageProgress implements StageObserver {
  readonly #stages = new Map<string, Progress>()

  begin(stage: string): void {
    this.#stages.set(stage, {})
  }

  succeed(stage: string): void {
    this.#stages.set(stage, { doneAt: performance.now() })
  }

  fail(stage: string, error: unknown): void {
    const { failingSince = performance.now(), ...last } = this.#stages.get(stage) ?? {}
    this.#stages.set(stage, {
      ...last,
      failingSince,
      error,
    })
  }

  /** Returns the error of a stage's last pass, or undefined if it did not fail. */
  failure(stage: string): unknown {
    return this.#stages.get(stage)?.error
  }

  /** Returns one line; a stage that works on a long queue has not ended a pass yet. */
  summary(): string {
    return [...this.#stages].map(([stage, progress]) => `${stage} ${describe(progress)}`).join(', ')
  }
}

function describe({ doneAt, failingSince, error }: Progress): string {
  if (failingSince !== undefined) return `failing for ${seconds(failingSince)} s (${messageOf(error)})`
  return doneAt === undefined ? 'in its first pass' : `ok ${seconds(doneAt)} s ago`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000)
