import type { StageObserver } from './run-stages.ts'

interface Progress {
  /** When it last ended a pass without an error. */
  doneAt?: number
  /** When it began to fail, pass after pass. */
  failingSince?: number
  error?: string
}

/** How the stages of this process get on, for health. */
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
      error: error instanceof Error ? error.message : String(error),
    })
  }

  /** One line; a stage that works on a long queue has not ended a pass yet. */
  summary(): string {
    return [...this.#stages].map(([stage, progress]) => `${stage} ${describe(progress)}`).join(', ')
  }
}

function describe({ doneAt, failingSince, error }: Progress): string {
  if (failingSince !== undefined) return `failing for ${seconds(failingSince)} s (${error})`
  return doneAt === undefined ? 'in its first pass' : `ok ${seconds(doneAt)} s ago`
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000)
