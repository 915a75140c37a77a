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
  /** How often a spent budget is looked at. */
  readonly budgetLookMs?: number | undefined
}

/** Where the bytes come from. */
export interface FileSource {
  /** Contents whose bytes it can have: others are left to the machines that have them. */
  readonly within: Reach
  /**
   * Brings a content's bytes here.
   * @returns undefined when they cannot be had now @throws what would befall any content: a full disk, an archive out of reach
   */
  locate(lease: AnalysisLease): Promise<FileInput | undefined>
  /** Whether the file is where it was said to be, and whole. */
  isThere(input: FileInput): Promise<boolean>
}

/** One analyser's way through the queue; it remembers from pass to pass when it rests. */
export interface Lane {
  drain(signal: AbortSignal): Promise<StageReport>
}

type Result = 'done' | 'failed' | 'untried'

/** How many are claimed at once, for each that works. */
const CLAIMED_EACH = 2

export function createLane(open: OpenAnalyser, concurrency: number, parts: LaneParts): Lane {
  const { db, keeper, handIn, files, log } = parts
  const { name, version } = open.analyser
  const pause = createPause(db, open.analyser, log, parts.budgetLookMs)

  /** Given back untried because their bytes could not be had here. */
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
    // The look for the bytes also queues the content where they can be had: this machine will not claim it again
    // before. If it does, its queue is not what it should be, and the attempt counts.
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
    // Evicted meanwhile, or the disk is gone: not the file's fault.
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

/** An error is stored, and shown to whoever may read. */
function discreet(outcome: Outcome, { path }: FileInput): Outcome {
  return outcome.kind === 'done' ? outcome : { ...outcome, error: withoutPaths(outcome.error, path) }
}
