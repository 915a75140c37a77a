import {
  type Cache,
  CacheMissError,
  cachePath,
  CacheUnavailableError,
  InspectionFailedError,
  type Inspector,
  InspectorUnavailableError,
  type MediaFacts,
  NotMediaError,
  quarantineName,
} from '@mediakeep/content'
import {
  MAX_DEATHS,
  type Stage,
  type StageLog,
  type StageReport,
  drainQueue,
  type Settled,
} from '@mediakeep/lease'
import {
  inspectQueue,
  rejectRows,
  type Removed,
  retryParked,
  settleInspections,
  settleRemoved,
  type Verdict,
} from '@mediakeep/media'
import { type Database, storableText } from '@mediakeep/sql'
import { type Candidate, candidateClaims } from './inspect-claims.ts'
import { releaseQuarantined } from './release-quarantined.ts'

export interface InspectStageOptions {
  readonly db: Database
  readonly cache: Cache
  readonly inspector: Inspector
  /** Files inspected at once. */
  readonly concurrency: number
  /** How long the contents of a dead process stay leased. */
  readonly leaseSeconds: number
  readonly log: StageLog
}

/** Number of decoder failures on a file before it is parked. */
const MAX_BREAKDOWNS = 3
/** A stalled disk or a paused machine causes timeouts too, so these attempts are spread over hours. */
const MAX_TIMEOUTS = 8
const FIRST_TIMEOUT_RETRY_SECONDS = 60
const LONGEST_RETRY_SECONDS = 3600
/** After a failure unrelated to the file, such as an unreadable disk. */
const TROUBLE_RETRY_SECONDS = 60

/**
 * Decodes contents of this cache that were never inspected, each once. Only a verdict on the bytes rejects
 * a content with all its rows. A file that breaks its decoder or process is parked: it stays, without a verdict.
 * A pass rejects, with no leases held and nothing counted, when the cache is away as a whole, or when this machine
 * cannot inspect a known good file.
 */
export function inspectStage(options: InspectStageOptions): Stage {
  return {
    name: 'inspect',
    reportsProgress: true,
    drain: (signal, onProgress) => drain(options, signal, onProgress),
  }
}

async function drain(
  options: InspectStageOptions,
  signal: AbortSignal,
  onProgress: (() => void) | undefined,
): Promise<StageReport> {
  const { db, cache, inspector, leaseSeconds, concurrency } = options
  await releaseQuarantined(db, cache)
  await retryParked(db, { cacheId: cache.id, notVersion: inspector.version })
  const claims = candidateClaims(options)
  return drainQueue<Candidate, Verdict>(
    {
      ...{ db, queue: inspectQueue, leaseSeconds, concurrency, onProgress },
      claim: () => claims.next(),
      work: (candidate, stop) => judge(options, candidate, stop).finally(() => claims.end(candidate)),
      settle: (ended) => settle(options, ended),
      isDone: ({ kind }) => kind === 'passed',
    },
    signal,
  )
}

async function judge(
  { cache, inspector, log }: InspectStageOptions,
  { lease, content, isRejected, isReleased }: Candidate,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  // Already decided: only the move of its file to quarantine is left.
  if (isRejected) return { kind: 'rejected', reason: '' }
  try {
    if (lease.deaths >= MAX_DEATHS) {
      await inspector.probe(signal)
      const reason = `process_died: ${lease.deaths} times in a row while it was inspected`
      log.warn({ sha256: content.sha256, deaths: lease.deaths }, 'an inspection was parked')
      return { kind: 'parked', reason, version: inspector.version }
    }
    return { kind: 'passed', facts: await inspector.inspect(await cache.locate(cachePath(content)), signal) }
  } catch (error) {
    if (signal.aborted) return undefined
    if (error instanceof CacheUnavailableError || error instanceof InspectorUnavailableError) throw error
    if (error instanceof CacheMissError) return { kind: 'lost', reason: 'cache file missing' }
    const isBlamed = error instanceof NotMediaError || error instanceof InspectionFailedError
    // The machine may be at fault, so check it with a known good file.
    if (isBlamed) await inspector.probe(signal)
    const verdict = forgive(verdictOn(inspector, error, lease.attempt), isReleased, content)
    const { sha256 } = content
    // A rejected file is a result, not a problem of the server.
    if (verdict.kind === 'rejected') log.info({ sha256, reason: verdict.reason }, 'a file was rejected')
    else log.warn({ err: error, sha256, attempt: lease.attempt }, `an inspection ${verdict.kind}`)
    return verdict
  }
}

/** A person's judgement wins: a released content stays, with the decoder's reason recorded. */
function forgive(verdict: Verdict, isReleased: boolean, facts: MediaFacts): Verdict {
  if (verdict.kind !== 'rejected' || !isReleased) return verdict
  return { kind: 'passed', facts, note: verdict.reason }
}

function verdictOn({ version }: Inspector, error: unknown, attempt: number): Verdict {
  if (error instanceof NotMediaError) {
    return { kind: 'rejected', reason: reasonOf(`${error.code}: ${error.message}`) }
  }
  if (!(error instanceof InspectionFailedError)) {
    const reason = reasonOf(String(error))
    return { kind: 'failed', reason, retrySeconds: TROUBLE_RETRY_SECONDS, isCounted: false }
  }
  const { code, message } = error
  const reason = reasonOf(`decoder_${code}: ${message}`)
  const isLate = code === 'timeout'
  if (attempt >= (isLate ? MAX_TIMEOUTS : MAX_BREAKDOWNS)) {
    return { kind: 'parked', version, reason: reasonOf(`gave up after ${attempt} attempts: ${reason}`) }
  }
  const wait = FIRST_TIMEOUT_RETRY_SECONDS * 4 ** (attempt - 1)
  const retrySeconds = isLate ? Math.min(LONGEST_RETRY_SECONDS, wait) : 0
  return { kind: 'failed', reason, retrySeconds, isCounted: true }
}

// A message may contain untrusted bytes.
const reasonOf = (text: string): string => storableText(text, 500)

async function settle(
  { db, cache }: InspectStageOptions,
  ended: readonly Settled<Candidate, Verdict>[],
): Promise<void> {
  const rejected = await settleInspections(
    db,
    ended.map(({ item, settlement }) => ({ lease: item.lease, verdict: settlement })),
  )
  await rejectRows(db, [...rejected])
  const removed: Removed[] = []
  for (const { item } of ended) {
    const { lease, content } = item
    if (!rejected.has(lease.id)) continue
    const name = quarantineName(content)
    const kept = await cache.quarantine.keep(cachePath(content), name)
    removed.push({ lease, content, isQuarantined: kept !== 'missing' })
  }
  await settleRemoved(db, cache.id, removed)
}
