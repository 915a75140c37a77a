import { storableText, type Database, type Sql } from '@mediakeep/sql'
import { endAttempts } from './endings.ts'
import { AnalysisRangeError } from './errors.ts'
import { analysisQueue, isLeaseKey, type AnalysisUsage, type LeaseKey } from './queue.ts'
import { checkResult } from './result.ts'
import { selectExpired } from './settle.sql.ts'

export interface CompletedAnalysis extends LeaseKey {
  /** A JSON object; see `checkResult`. */
  readonly result: unknown
  readonly usage?: AnalysisUsage | undefined
}

export interface FailedAnalysis extends LeaseKey {
  readonly error: string
  /** True if another attempt may succeed. */
  readonly retryable: boolean
  readonly usage?: AnalysisUsage | undefined
}

const MAX_ERROR = 2_000
const MAX_MODEL = 200
const EXPIRED_AT_ONCE = 200

/**
 * Hands in results. `refused`: the lease was lost or has ended, and only a counter is written.
 * @throws AnalysisResultError before anything is written; the leases continue
 */
export async function completeAnalyses(
  db: Database,
  items: readonly CompletedAnalysis[],
): Promise<('completed' | 'refused')[]> {
  const endings = items.map(({ id, token, result, usage }) => ({
    ...{ id, token, event: 'completed' as const, ...storable(usage) },
    checked: checkResult(result),
  }))
  const states = await endAttempts(db, endings)
  return states.map((state) => (state === undefined ? 'refused' : 'completed'))
}

/** Ends attempts without a result. `retry`: another attempt follows later; `failed`: that was the last. */
export async function failAnalyses(
  db: Database,
  items: readonly FailedAnalysis[],
): Promise<('retry' | 'failed' | 'refused')[]> {
  const endings = items.map(({ id, token, error, retryable, usage }) => ({
    ...{ id, token, event: 'failed' as const, retryable, ...storable(usage) },
    error: storableText(error, MAX_ERROR),
  }))
  const states = await endAttempts(db, endings)
  return states.map((state) => (state === undefined ? 'refused' : state === 'failed' ? 'failed' : 'retry'))
}

/** Returns leases unused: they can be claimed again at once, and the attempt does not count. */
export async function releaseAnalyses(db: Database, leases: readonly LeaseKey[]): Promise<void> {
  await endAttempts(
    db,
    leases.map(({ id, token }) => ({ id, token, event: 'released' as const })),
  )
}

/** Extends leases, from now. @returns the ids still held; work on the others must stop */
export async function extendAnalyses(
  sql: Sql,
  leases: readonly LeaseKey[],
  leaseSeconds: number,
): Promise<Set<string>> {
  if (!(leaseSeconds > 0 && leaseSeconds <= 24 * 3600)) {
    throw new AnalysisRangeError('A lease lasts up to a day')
  }
  return await analysisQueue.extend(sql, leases.filter(isLeaseKey), leaseSeconds)
}

/**
 * Returns expired leases; an analysis that expired too often fails permanently. Searches rows that are started, and
 * recent failures, since such rows stay failed while another analyser is running. @returns the number of expired leases
 */
export async function expireAnalyses(db: Database): Promise<number> {
  let expired = 0
  for (;;) {
    const { rows } = await selectExpired(db, [EXPIRED_AT_ONCE])
    const endings = rows.map(({ id, token }) => ({ id, token, event: 'expired' as const }))
    const states = endings.length > 0 ? await endAttempts(db, endings) : []
    const count = states.filter((state) => state !== undefined).length
    expired += count
    if (rows.length < EXPIRED_AT_ONCE || count === 0) return expired
  }
}

const storable = (usage: AnalysisUsage = {}): AnalysisUsage =>
  usage.model === undefined ? usage : { ...usage, model: storableText(usage.model, MAX_MODEL) }
