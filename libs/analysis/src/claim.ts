import type { MediaType } from '@mediakeep/content'
import type { Database } from '@mediakeep/sql'
import {
  chooseAnalysers,
  configuredAnalysers,
  type AnalyserChoice,
  type ConfiguredAnalyser,
} from './analysers.ts'
import { AnalysisRangeError, UnknownAnalyserError } from './errors.ts'
import { headOf, isDue, memoryOf, timed, type QueueMemory } from './memory.ts'
import { planAnalyses } from './plan.ts'
import type { AnalysisLease } from './queue.ts'
import { expireAnalyses } from './settle.ts'
import { DUE, take, type Claimed, type Reach } from './take.ts'

export interface ClaimAnalysesOptions {
  /** Default: all configured analysers. */
  readonly analysers?: readonly AnalyserChoice[] | undefined
  /** 1 to 100. */
  readonly limit: number
  readonly leaseSeconds: number
  /** Name of the claiming worker, for the rows' logs. */
  readonly worker: string
  readonly mediaType?: MediaType | undefined
  /** Only contents whose bytes are available there; default: all. */
  readonly within?: Reach | undefined
  /** Default: oldest first. `priority`: highest priority first, then oldest. */
  readonly order?: 'oldest' | 'priority' | undefined
}

const MAX_LIMIT = 100
const MAX_LEASE_SECONDS = 24 * 3600
const CONFIGURED_MS = 5_000
/** Interval between checks for expired leases and due retries while there is other work, in milliseconds. */
const TEND_MS = 1_000
/** Interval between scans from the start of the queue while there is other work, in milliseconds. */
const RESCAN_MS = 30_000

/**
 * Leases available analyses: first returned ones that are due, then new ones. If that is not enough, plans contents
 * that were never planned and returns the leases of dead workers.
 *
 * @throws UnknownAnalyserError @throws AnalysisRangeError
 */
export async function claimAnalyses(db: Database, options: ClaimAnalysesOptions): Promise<AnalysisLease[]> {
  const { limit, leaseSeconds } = options
  if (!(limit >= 1 && limit <= MAX_LIMIT && Number.isInteger(limit))) {
    throw new AnalysisRangeError(`A claim takes 1 to ${MAX_LIMIT} analyses`)
  }
  if (!(leaseSeconds > 0 && leaseSeconds <= MAX_LEASE_SECONDS)) {
    throw new AnalysisRangeError(`A lease lasts up to ${MAX_LEASE_SECONDS} seconds`)
  }
  const memory = memoryOf(db)
  const claim = { db, memory, options, analysers: await chosen(db, memory, options.analysers) }
  const leases: AnalysisLease[] = []
  if (isDue(memory.tended, TEND_MS)) leases.push(...(await tend(claim, limit)))
  leases.push(...(await claimNew(claim, limit - leases.length, RESCAN_MS)))
  if (leases.length === limit) return leases
  // Nothing else is available: check skipped, expired, due and never planned analyses.
  if (isDue(memory.tended)) leases.push(...(await tend(claim, limit - leases.length)))
  if (isDue(memory.planned)) await timed(memory.planned, () => planAnalyses(db))
  leases.push(...(await claimNew(claim, limit - leases.length, 0)))
  return leases
}

interface Claim {
  readonly db: Database
  readonly memory: QueueMemory
  readonly options: ClaimAnalysesOptions
  readonly analysers: readonly ConfiguredAnalyser[]
}

async function chosen(
  db: Database,
  memory: QueueMemory,
  choices: ClaimAnalysesOptions['analysers'],
): Promise<ConfiguredAnalyser[]> {
  if (memory.configured && performance.now() - memory.configured.at < CONFIGURED_MS) {
    try {
      return chooseAnalysers(memory.configured.set, choices)
    } catch (error) {
      // It may have been configured in the meantime.
      if (!(error instanceof UnknownAnalyserError)) throw error
    }
  }
  memory.configured = { at: performance.now(), set: await configuredAnalysers(db) }
  return chooseAnalysers(memory.configured.set, choices)
}

/** Returns the leases of dead workers, and takes returned analyses that are due. */
function tend(claim: Claim, limit: number): Promise<AnalysisLease[]> {
  const { db, memory, analysers, options } = claim
  return timed(memory.tended, async () => {
    await expireAnalyses(db)
    const leases: AnalysisLease[] = []
    for (const analyser of analysers) {
      if (leases.length === limit) break
      leases.push(...(await take(db, options, analyser, limit - leases.length, DUE)))
    }
    return leases
  })
}

async function claimNew(claim: Claim, limit: number, rescanMs: number): Promise<AnalysisLease[]> {
  const leases: AnalysisLease[] = []
  for (const analyser of claim.analysers) {
    if (leases.length === limit) break
    const { name, version } = analyser
    const { mediaType = '', order = 'oldest' } = claim.options
    const head = headOf(
      claim.memory,
      [name, version, mediaType, order, claim.options.within?.cacheId].join(' '),
    )
    const levels = order === 'priority' ? LEVELS : [0]
    const isScan = isDue(head.scan, rescanMs)
    const work = (): Promise<Claimed[]> =>
      take(claim.db, claim.options, analyser, limit - leases.length, {
        where: order === 'priority' ? `${NEW} AND ${LEVEL}` : NEW,
        order: order === 'priority' ? 'q.priority, q.place' : 'q.place',
        lanes: { levels, places: levels.map((level) => (isScan ? 0 : (head.places.get(level) ?? 0))) },
      })
    const taken = isScan ? await timed(head.scan, work) : await work()
    for (const { place, priority } of taken) head.places.set(order === 'priority' ? priority : 0, place)
    if (order === 'priority') taken.sort((a, b) => b.priority - a.priority || a.place - b.place)
    leases.push(...taken)
  }
  return leases
}

const NEW = 'q.analysis_not_before IS NULL AND q.place > lane.place'
// BETWEEN instead of `=`: with equality, the planner would consider the index without the priority as good.
const LEVEL = 'q.priority BETWEEN lane.priority AND lane.priority'
const LEVELS = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
