import {
  AnalysisResultError,
  checkResult,
  completeAnalyses,
  failAnalyses,
  type AnalysisLease,
  type AnalysisUsage,
  type CompletedAnalysis,
  type FailedAnalysis,
} from '@mediakeep/analysis'
import { batcher, type Database } from '@mediakeep/sql'
import type { Outcome } from './outcome.ts'

type Ending = 'completed' | 'retry' | 'failed' | 'refused'

/** Hands in outcomes in batches; retries temporary failures, such as a database restart. */
export type HandIn = (
  lease: AnalysisLease,
  outcome: Exclude<Outcome, { kind: 'rest' }>,
  durationMs: number,
) => Promise<{ readonly ending: Ending; readonly error?: string }>

/** A file whose child died twice is to blame. */
const CHILDREN_A_FILE = 2

export function createHandIn(db: Database): HandIn {
  const complete = batcher((items: readonly CompletedAnalysis[]) => completeAnalyses(db, items))
  const fail = batcher((items: readonly FailedAnalysis[]) => failAnalyses(db, items))
  return async ({ id, token, attempt }, outcome, durationMs) => {
    const key = { id, token }
    const usage = { ...storable(outcome.usage ?? {}), durationMs: Math.round(durationMs) }
    if (outcome.kind === 'done') {
      const error = problemOf(outcome.result)
      if (error === undefined) return { ending: await complete({ ...key, result: outcome.result, usage }) }
      return { ending: await fail({ ...key, error, retryable: false, usage }), error }
    }
    const { error } = outcome
    const retryable = outcome.retryable === 'once' ? attempt < CHILDREN_A_FILE : outcome.retryable
    return { ending: await fail({ ...key, error, retryable, usage }), error }
  }
}

/** Returns undefined if the result can be stored. */
function problemOf(result: unknown): string | undefined {
  try {
    checkResult(result)
    return undefined
  } catch (error) {
    if (error instanceof AnalysisResultError) return `invalid_result: ${error.message}`
    throw error
  }
}

/** A third-party analyser may report anything as its usage. */
function storable({ model, tokensUsed, costUsd }: AnalysisUsage): AnalysisUsage {
  return {
    model: typeof model === 'string' ? model : undefined,
    tokensUsed: isAmount(tokensUsed) ? Math.round(tokensUsed) : undefined,
    costUsd: isAmount(costUsd) ? costUsd : undefined,
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.MAX_SAFE_INTEGER
}
