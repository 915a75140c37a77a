import {
  ArchiveError,
  CacheUnavailableError,
  InspectorUnavailableError,
  isUnusable,
} from '@mediakeep/content'
import { DiskFullError, QuarantineFullError } from '@mediakeep/pipeline'
import type { StageObserver } from '@mediakeep/worker'
import type { Output } from './output.ts'

/** Watches the stages that a command runs: shows each failure once, and knows which stages not to wait for. */
export class StageFailures implements StageObserver {
  readonly #blocked = new Map<string, string>()
  readonly #shown = new Set<string>()
  readonly #output: Pick<Output, 'note'>

  constructor(output: Pick<Output, 'note'>) {
    this.#output = output
  }

  begin(): void {
    // Nothing is known about a stage before its first pass ends.
  }

  succeed(stage: string): void {
    this.#blocked.delete(stage)
  }

  fail(stage: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    const isBlocked = needsOperator(error)
    if (isBlocked) this.#blocked.set(stage, message)
    else this.#blocked.delete(stage)
    const kind = `${stage}:${(error as { code?: unknown } | undefined)?.code?.toString() ?? message}`
    if (this.#shown.has(kind)) return
    this.#shown.add(kind)
    this.#output.note(`The ${stage} stage failed${isBlocked ? '' : ' and is tried again'}: ${message}`)
  }

  /** Returns why a stage can do nothing until a person acts; undefined if it can. */
  blocked(stage: string): string | undefined {
    return this.#blocked.get(stage)
  }
}

function needsOperator(error: unknown): boolean {
  if (error instanceof ArchiveError) return isUnusable(error) || error.code === 'denied'
  return (
    error instanceof CacheUnavailableError ||
    error instanceof DiskFullError ||
    error instanceof QuarantineFullError ||
    error instanceof InspectorUnavailableError
  )
}
