import {
  CacheMissError,
  cachePath,
  CacheUnavailableError,
  InspectionFailedError,
  NotMediaError,
  type Cache,
  type Inspector,
} from '@mediakeep/content'
import type { Lease, Stage, StageLog, StageReport } from '@mediakeep/lease'
import { storableText, type Database } from '@mediakeep/sql'
import { inspectQueue, settleInspections, settleRemoved, type Verdict } from './inspect-settle.ts'
import { keptColumns, toKeptContent, type KeptContent, type KeptContentRow } from './kept-content.ts'
import { drainQueue, type Settled } from './queue-pass.ts'

export interface InspectStageOptions {
  readonly db: Database
  readonly cache: Cache
  readonly inspector: Inspector
  /** Files that are inspected at once. */
  readonly concurrency: number
  /** How long a dead process holds up its contents. */
  readonly leaseSeconds: number
  readonly log: StageLog
}

interface Candidate {
  readonly lease: Lease
  readonly content: KeptContent
  readonly isRejected: boolean
  /** Why the attempt before this one failed. */
  readonly lastError: string | null
}

/** How often a decoder may break over a file before the file is held to blame. */
const MAX_BREAKDOWNS = 3
/** A stalled disk or a paused machine is late as well: these attempts are spread over hours. */
const MAX_TIMEOUTS = 8
const FIRST_TIMEOUT_RETRY_SECONDS = 60
/** How often it is claimed at all: processes that died, disks that failed. */
const MAX_ATTEMPTS = 16
const LONGEST_RETRY_SECONDS = 3600

/**
 * Decodes what this cache holds and nobody has inspected, once for each content. What is no media is rejected with
 * all its rows, and its file removed. A pass rejects, with nothing held, when the cache is away as a whole.
 */
export function inspectStage(options: InspectStageOptions): Stage {
  return { name: 'inspect', drain: (signal) => drain(options, signal) }
}

function drain(options: InspectStageOptions, signal: AbortSignal): Promise<StageReport> {
  const { db, leaseSeconds, concurrency } = options
  return drainQueue<Candidate, Verdict>(
    {
      ...{ db, queue: inspectQueue, leaseSeconds, concurrency },
      claim: () => claim(options),
      work: (candidate, stop) => judge(options, candidate, stop),
      settle: (ended) => settle(options, ended),
      isDone: ({ kind }) => kind === 'passed',
    },
    signal,
  )
}

async function claim({ db, cache, concurrency, leaseSeconds }: InspectStageOptions): Promise<Candidate[]> {
  const claimed = await inspectQueue.claim<KeptContentRow & Pick<Candidate, 'isRejected' | 'lastError'>>(db, {
    limit: Math.max(concurrency * 8, 32),
    leaseSeconds,
    where: 'q.cache_id = $1',
    values: [cache.id],
    returning: `${keptColumns('q')}, q.rejected_at IS NOT NULL AS "isRejected", q.inspect_error AS "lastError"`,
  })
  return claimed.map((row) => ({
    lease: { id: row.id, token: row.token, attempt: row.attempt },
    content: toKeptContent(row),
    isRejected: row.isRejected,
    lastError: row.lastError,
  }))
}

async function judge(
  { cache, inspector, log }: InspectStageOptions,
  { lease, content, isRejected, lastError }: Candidate,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  // Decided before: what is left is to remove its file.
  if (isRejected) return { kind: 'rejected', reason: '' }
  if (lease.attempt > MAX_ATTEMPTS) {
    return { kind: 'rejected', reason: `gave up after ${MAX_ATTEMPTS} attempts to inspect it` }
  }
  try {
    return { kind: 'passed', facts: await inspector.inspect(await cache.locate(cachePath(content)), signal) }
  } catch (error) {
    if (signal.aborted) return undefined
    if (error instanceof CacheUnavailableError) throw error
    if (error instanceof CacheMissError) return { kind: 'lost', reason: 'cache file missing' }
    const verdict = verdictOn(error, lease.attempt, lastError)
    log.warn({ err: error, sha256: content.sha256, attempt: lease.attempt }, `an inspection ${verdict.kind}`)
    return verdict
  }
}

function verdictOn(error: unknown, attempt: number, lastError: string | null): Verdict {
  if (error instanceof NotMediaError) {
    return { kind: 'rejected', reason: reasonOf(`${error.code}: ${error.message}`) }
  }
  if (error instanceof InspectionFailedError) {
    return breakdown(error, attempt, lastError)
  }
  const retrySeconds = Math.min(LONGEST_RETRY_SECONDS, 2 ** attempt)
  return { kind: 'failed', reason: reasonOf(String(error)), retrySeconds }
}

/** An attempt whose process died, or whose disk failed, counts; but the first breakdown of a decoder is never the last. */
function breakdown(
  { code, message }: InspectionFailedError,
  attempt: number,
  lastError: string | null,
): Verdict {
  const reason = reasonOf(`decoder_${code}: ${message}`)
  const isLate = code === 'timeout'
  if (attempt >= (isLate ? MAX_TIMEOUTS : MAX_BREAKDOWNS) && lastError?.startsWith('decoder_')) {
    return { kind: 'rejected', reason: reasonOf(`gave up after ${attempt} attempts: ${reason}`) }
  }
  const wait = FIRST_TIMEOUT_RETRY_SECONDS * 4 ** (attempt - 1)
  return { kind: 'failed', reason, retrySeconds: isLate ? Math.min(LONGEST_RETRY_SECONDS, wait) : 0 }
}

// A stranger's bytes may be in a message.
const reasonOf = (text: string): string => storableText(text, 500)

async function settle(
  { db, cache }: InspectStageOptions,
  ended: readonly Settled<Candidate, Verdict>[],
): Promise<void> {
  const rejected = await settleInspections(
    db,
    ended.map(({ item, settlement }) => ({ lease: item.lease, verdict: settlement })),
  )
  const gone = ended.filter(({ item }) => rejected.has(item.lease.id)).map(({ item }) => item)
  for (const { content } of gone) await cache.remove(cachePath(content))
  await settleRemoved(
    db,
    gone.map(({ lease }) => lease),
  )
}
