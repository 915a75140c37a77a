import type { AnalysisUsage } from '@mediakeep/plugin-api'

/** What became of one analysis. It crosses processes: plain values only. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown; readonly usage?: AnalysisUsage | undefined }
  | {
      readonly kind: 'failed'
      readonly error: string
      /** `once`: it may be the machine that is to blame, so it is tried once more. */
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

/** By its looks and not its class: plugins may bring a copy of their own, or none. */
function isAnalysisFailure(error: unknown): error is AnalysisFailure {
  return (
    error instanceof Error && 'retryable' in error && typeof error.retryable === 'boolean' && 'code' in error
  )
}

/** What follows from an error that an analyser threw. */
export function outcomeOf(error: unknown): Outcome {
  if (!isAnalysisFailure(error)) return { kind: 'failed', error: String(error), retryable: true }
  const { code, message, retryable, restMs, usage } = error
  const text = `${code}: ${message}`
  if (restMs !== undefined) return { kind: 'rest', restMs, error: text }
  return { kind: 'failed', error: text, retryable, usage }
}
