import { setTimeout as sleep } from 'node:timers/promises'
import { planAnalyses, prioritiseAnalyses, requeueAnalyses } from '@mediakeep/analysis'
import type { Stage } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { runStages } from '@mediakeep/worker'
import type { Logger } from 'pino'
import type { Output } from './output.ts'
import { selectAnalysisCounts } from './settle-analyses.sql.ts'

/** SQL over `m`: media whose bytes are verified, and which are not analysed yet. */
export const UNANALYSED = `m.ai_analysis_status IS DISTINCT FROM 'completed' AND EXISTS (
  SELECT FROM mediakeep.contents c WHERE c.sha256_sum = m.sha256_sum AND c.inspected_at IS NOT NULL AND c.rejected_at IS NULL)`

/** The highest priority there is. */
const FIRST = 9

/** Wait for an analyser that rests or has spent its budget, in milliseconds. */
const IDLE_MS = 15_000

interface Counts {
  /** Analyses that could be done now, including those in progress. */
  readonly open: number
  readonly underWay: number
  readonly completed: number
}

/**
 * Runs the analysis stage until none of these media can be analysed any more: completed, failed, or to be
 * retried later. Retries what failed before, of this analyser or of all. These media take priority over others.
 */
export async function settleAnalyses(
  db: Database,
  stage: Stage,
  { mediaIds, analyser }: { readonly mediaIds: readonly string[]; readonly analyser: string | undefined },
  signal: AbortSignal,
  output: Output,
  log: Logger,
): Promise<void> {
  await planAll(db, signal)
  const analysers = analyser === undefined ? undefined : [analyser]
  await requeueAnalyses(db, { mediaIds, status: 'failed', priority: FIRST, analysers })
  await prioritiseAnalyses(db, mediaIds, FIRST)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const running = runStages([stage], either, { log, idleMs: 100 })
  try {
    await untilAnalysed(db, mediaIds, signal, output)
  } finally {
    stop.abort()
    await running
  }
}

/** Waits, while stages run elsewhere, until the analyses of these media are settled or make no more progress. */
export async function untilAnalysed(
  sql: Sql,
  mediaIds: readonly string[],
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  await planAll(sql, signal)
  const progress = output.progress('analyses')
  let [moved, before] = [performance.now(), -1]
  while (!signal.aborted) {
    const { open, underWay, completed } = await count(sql, mediaIds)
    progress.update(completed, completed + open, `completed, ${underWay} under way`)
    if (completed !== before || underWay > 0) moved = performance.now()
    if (open === 0 || performance.now() - moved > IDLE_MS) break
    before = completed
    await sleep(200, undefined, { signal }).catch(() => undefined)
  }
  progress.stop()
}

/** Plans all analyses: media without a plan have none to count or prioritise. */
async function planAll(sql: Sql, signal: AbortSignal): Promise<void> {
  while ((await planAnalyses(sql)) > 0) signal.throwIfAborted()
}

async function count(sql: Sql, mediaIds: readonly string[]): Promise<Counts> {
  const counted = await selectAnalysisCounts(sql, [mediaIds])
  return counted.rows[0]!
}
