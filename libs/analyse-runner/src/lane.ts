import { claimAnalyses, type AnalysisLease, type Reach } from '@mediakeep/analysis'
import type { LeaseKeeper, StageLog, StageReport } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'
import type { FileInput } from './analysis-job.ts'
import type { HandIn } from './hand-in.ts'
import { createHolding, type Held } from './holding.ts'
import type { OpenAnalyser } from './open-analyser.ts'
import type { Outcome } from './outcome.ts'
import { createPause } from './pause.ts'
import { withoutPaths } from './without-paths.ts'

export interface LaneParts {
  readonly db: Database
  readonly keeper: LeaseKeeper
  readonly handIn: HandIn
  readonly files: FileSource
  readonly leaseSeconds: number
  readonly worker: string
  readonly log: StageLog
  /** Interval between checks of a spent budget, in milliseconds. */
  readonly budgetLookMs?: number | undefined
}

/** Source of the bytes. */
export interface FileSource {
  /** Contents whose bytes are available here; others are left to machines that have them. */
  readonly within: Reach
  /**
   * Makes a content's bytes available here.
   * @returns undefined if unavailable now @throws if all contents are affected: full disk, unreachable archive
   */
  locate(lease: AnalysisLease): Promise<FileInput | undefined>
  /** Returns true if the file is still at its path and complete. */
  isThere(input: FileInput): Promise<boolean>
}

/** Processes the queue for one analyser; remembers its pauses between passes. */
export interface Lane {
  drain(signal: AbortSignal): Promise<StageReport>
}

type Result = 'done' | 'failed' | 'untried'

/** Number of leases claimed at once, per concurrent worker. */
const CLAIMED_EACH = 2

export function createLane(open: OpenAnalyser, concurrency: number, parts: LaneParts): Lane {
  const { db, keeper, handIn, files, log } = parts
  const { name, version } = open.analyser
  const pause = createPause(db, open.analyser, log, parts.budgetLookMs)

  /** Ids of leases returned unused because their bytes were not available here. */
  const unavailable = new Set<string>()

  async function claim(): Promise<AnalysisLease[]> {
    if (await pause.isOn()) return []
    const { leaseSeconds, worker } = parts
    const limit = Math.min(100, concurrency * CLAIMED_EACH)
    return claimAnalyses(db, {
      analysers: [{ name, version }],
      limit,
      leaseSeconds,
      worker,
      order: 'priority',
      within: files.within,
    })
  }

  async function work({ lease, lost }: Held, signal: AbortSignal): Promise<Result> {
    if (await pause.isOn()) return 'untried'
    const started = performance.now()
    const outcome = await analyse(lease, AbortSignal.any([signal, lost]))
    if (outcome === undefined) return 'untried'
    if (outcome.kind === 'rest') {
      pause.rest(outcome.restMs, outcome.error)
      return 'untried'
    }
    const { ending, error } = await handIn(lease, outcome, performance.now() - started)
    if (ending === 'completed') return 'done'
    log.warn(
      { analyser: name, mediaId: lease.mediaId, attempt: lease.attempt, ending, error },
      'an analysis failed',
    )
    return 'failed'
  }

  async function analyse(lease: AnalysisLease, signal: AbortSignal): Promise<Outcome | undefined> {
    const input = await files.locate(lease)
    // Looking for the bytes also queues the content where they are available, so this machine should not claim it
    // again. If it does, something is wrong with its queue, and the attempt counts.
    if (input === undefined && !unavailable.has(lease.id)) {
      unavailable.add(lease.id)
      return undefined
    }
    if (input === undefined) {
      return { kind: 'failed', error: 'unavailable: the bytes are not to be had here', retryable: true }
    }
    unavailable.delete(lease.id)
    const outcome = discreet(await open.analyse(input, signal), input)
    const isFinal = outcome.kind === 'failed' && outcome.retryable !== true
    // Evicted in the meantime, or a disk fault: not the file's fault.
    return isFinal && !(await files.isThere(input)) ? { ...outcome, retryable: true } : outcome
  }

  return {
    async drain(signal) {
      const holding = createHolding(db, keeper, claim)
      const count = { done: 0, failed: 0, untried: 0 }
      const failures: unknown[] = []
      const attempt = async (held: Held): Promise<void> => {
        const result = await work(held, signal).catch((error: unknown): Result => {
          if (!held.lost.aborted && !signal.aborted) failures.push(error)
          return 'untried'
        })
        count[result]++
        if (result === 'untried') await holding.giveBack(held)
        else holding.drop(held)
      }
      const runner = async (): Promise<void> => {
        try {
          while (!signal.aborted && failures.length === 0) {
            const held = await holding.next()
            if (held === undefined) return
            await attempt(held)
          }
        } catch (error) {
          failures.push(error)
        }
      }
      await Promise.all(Array.from({ length: concurrency }, runner))
      await holding.giveBackWaiting()
      if (failures.length > 0) throw failures[0]
      return { done: count.done, failed: count.failed }
    },
  }
}

/** Removes paths from the error, which is stored and shown to readers. */
function discreet(outcome: Outcome, { path }: FileInput): Outcome {
  return outcome.kind === 'done' ? outcome : { ...outcome, error: withoutPaths(outcome.error, path) }
}
