import type { AnalysisUsage } from '@mediakeep/plugin-api'

/** Outcome of one analysis. It crosses processes, so it has plain values only. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown; readonly usage?: AnalysisUsage | undefined }
  | {
      readonly kind: 'failed'
      readonly error: string
      /** `once`: the machine may be to blame, so it is tried once more. */
      readonly retryable: boolean | 'once'
      readonly usage?: AnalysisUsage | undefined
    }
  | { readonly kind: 'rest'; readonly restMs: number; readonly error: string }

interface AnalysisFailure extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly restMs?: number | undefined
  readonly usage?: AnalysisUsage | undefined
}

/** Checks the shape instead of the class: plugins may use their own copy of it, or none. */
function isAnalysisFailure(error: unknown): error is AnalysisFailure {
  return (
    error instanceof Error && 'retryable' in error && typeof error.retryable === 'boolean' && 'code' in error
  )
}

/** Converts an error thrown by an analyser to its outcome. */
export function outcomeOf(error: unknown): Outcome {
  if (!isAnalysisFailure(error)) return { kind: 'failed', error: String(error), retryable: true }
  const { code, message, retryable, restMs, usage } = error
  const text = `${code}: ${message}`
  if (restMs !== undefined) return { kind: 'rest', restMs, error: text }
  return { kind: 'failed', error: text, retryable, usage }
}
