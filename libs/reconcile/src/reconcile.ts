import { setTimeout as sleep } from 'node:timers/promises'
import type { MediaUrl } from '@mediakeep/media-url'
import type { Database } from '@mediakeep/sql'
import { ESCAPED_URL, reconcileBatch, UNRECONCILED } from './batch.ts'
import { reconcileIdentities, type ReadPostIdentity } from './identities.ts'
import { reconcileLogs } from './logs.ts'

export interface ReconcileOptions {
  /** @throws InvalidMediaUrlError */
  readonly readMediaUrl: (url: string) => MediaUrl
  /** Without it, posts of other writers wait for a reconciliation that has it. */
  readonly readPostIdentity?: ReadPostIdentity | undefined
  /** Rows per transaction; default 500. */
  readonly batchSize?: number
  readonly log?: (line: string) => void
  /** How long to retry rows that others hold, in milliseconds; default 0: they are left for the next run. */
  readonly patienceMs?: number
  /** Stops between two batches; finished batches stay. */
  readonly signal?: AbortSignal
}

/** Numbers of rows corrected. */
export interface Reconciliation {
  /** Rows that had no source key. */
  readonly keyed: number
  /** Rows whose URL had HTML entities (`&amp;`): the URL and key are corrected, and failed ones wait again. */
  readonly unescaped: number
  /** Duplicate rows merged into a survivor; they are kept in `mediakeep.merged_media`. */
  readonly merged: number
  /** Rows with status `pending`. */
  readonly pending: number
  /** Rows without an analysis log. */
  readonly nullLogs: number
  /** Logs converted to arrays from JSON text or a single value. */
  readonly parsedLogs: number
  /** Posts of other writers that received their source id. */
  readonly identified: number
}

const CONDITIONS = [UNRECONCILED, ESCAPED_URL] as const
const NOTHING: Reconciliation = {
  keyed: 0,
  unescaped: 0,
  merged: 0,
  pending: 0,
  nullLogs: 0,
  parsedLogs: 0,
  identified: 0,
}
/** Interval between progress messages of a long run, in milliseconds. */
const PROGRESS_MS = 5_000
const PAUSE_MS = 200

/**
 * Corrects what older writers leave in `post_media`: missing source keys (and values derived from the URL and
 * the post), duplicates of one (post, source), the status `pending`, null logs. Safe to run beside any other program:
 * skips rows that others hold, until patience runs out or the next run.
 */
export async function reconcile(database: Database, options: ReconcileOptions): Promise<Reconciliation> {
  const { log, signal, patienceMs = 0 } = options
  const patientUntil = performance.now() + patienceMs
  let counts = await pass(database, options)
  while (performance.now() < patientUntil && !signal?.aborted && (await isLeft(database))) {
    await sleep(PAUSE_MS)
    counts = add(counts, await pass(database, options))
  }
  if (counts.merged > 0) {
    log?.(
      `merged ${counts.merged} duplicate media rows into their survivors; whole in mediakeep.merged_media`,
    )
  }
  if (counts.unescaped > 0) {
    log?.(
      `removed HTML entities from the URLs of ${counts.unescaped} media rows; those that failed wait again`,
    )
  }
  if (counts.identified > 0) log?.(`identified ${counts.identified} posts of other writers by their JSON`)
  if (counts.keyed + counts.pending + counts.nullLogs + counts.parsedLogs > 0) {
    log?.(
      `reconciled older writers' rows: ${counts.keyed} without a source key, ${counts.pending} pending, ` +
        `${counts.nullLogs} without a log, ${counts.parsedLogs} with a log that was no array`,
    )
  }
  return counts
}

/** Processes once all rows that nobody else holds. */
async function pass(
  database: Database,
  { readMediaUrl, readPostIdentity, batchSize = 500, signal, log }: ReconcileOptions,
): Promise<Reconciliation> {
  let parsedLogs = 0
  // Before any merge, so that merging finds arrays.
  for (let after: string | undefined = ''; after !== undefined && !signal?.aborted;) {
    const from: string = after
    const batch = await again(() => database.transaction((sql) => reconcileLogs(sql, from, batchSize)))
    parsedLogs += batch.parsed
    after = batch.last
  }
  let identified = 0
  for (let after: string | undefined = ''; readPostIdentity && after !== undefined && !signal?.aborted;) {
    const from: string = after
    const batch = await again(() =>
      database.transaction((sql) => reconcileIdentities(sql, from, batchSize, readPostIdentity)),
    )
    identified += batch.identified
    after = batch.last
  }
  let counts: Reconciliation = { ...NOTHING, parsedLogs, identified }
  for (const condition of CONDITIONS) {
    counts = add(counts, await passOver(database, condition, { readMediaUrl, batchSize, signal, log }))
  }
  return counts
}

interface PassOptions extends Pick<ReconcileOptions, 'readMediaUrl'> {
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly log: ((line: string) => void) | undefined
}

async function passOver(
  database: Database,
  condition: string,
  { readMediaUrl, batchSize, signal, log }: PassOptions,
): Promise<Reconciliation> {
  let counts = NOTHING
  let loggedAt = performance.now()
  for (let after = ''; !signal?.aborted;) {
    const options = { after, limit: batchSize, condition, readMediaUrl }
    const batch = await again(() => database.transaction((sql) => reconcileBatch(sql, options)))
    if (!batch.last) break
    after = batch.last
    counts = add(counts, { ...NOTHING, ...batch })
    if (performance.now() > loggedAt + PROGRESS_MS) {
      loggedAt = performance.now()
      const done = counts.keyed + counts.unescaped
      log?.(`reconciling: ${done} rows so far, ${counts.merged} merged, up to ${after}`)
    }
  }
  return counts
}

async function isLeft(database: Database): Promise<boolean> {
  for (const condition of CONDITIONS) {
    const { rowCount } = await database.query(`SELECT FROM public.post_media q WHERE ${condition} LIMIT 1`)
    if (rowCount > 0) return true
  }
  return false
}

/** Retries after another writer keyed the same picture, or locked in another order, at the same moment. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const { code } = error as { code?: string }
      // unique_violation, serialization_failure, deadlock_detected
      if (!['23505', '40001', '40P01'].includes(code ?? '') || attempt === 10) throw error
      await sleep(Math.random() * 50 * attempt)
    }
  }
}

function add(counts: Reconciliation, more: Reconciliation): Reconciliation {
  return {
    keyed: counts.keyed + more.keyed,
    unescaped: counts.unescaped + more.unescaped,
    merged: counts.merged + more.merged,
    pending: counts.pending + more.pending,
    nullLogs: counts.nullLogs + more.nullLogs,
    parsedLogs: counts.parsedLogs + more.parsedLogs,
    identified: counts.identified + more.identified,
  }
}
