import { setTimeout as sleep } from 'node:timers/promises'
import { batcher, type BatcherOptions, type Sql } from '@mediakeep/sql'
import PQueue from 'p-queue'
import { leaseKeeper } from './lease-keeper.ts'
import type { Lease, LeaseQueue } from './lease-queue.ts'
import type { StageReport } from './stage.ts'

/** Settings and callbacks for a stage that works through its queue. */
export interface DrainOptions<Item extends { readonly lease: Lease }, Settlement> {
  readonly db: Sql
  readonly queue: LeaseQueue
  readonly leaseSeconds: number
  /** Items processed at once. */
  readonly concurrency: number
  readonly claim: () => Promise<Item[]>
  /**
   * @returns undefined to give the item back: the signal aborted, or its lease was lost
   * @throws errors that make it pointless to continue with any item
   */
  readonly work: (item: Item, signal: AbortSignal) => Promise<Settlement | undefined>
  /** Writes how items ended, which also ends their leases. May be called again with the same items. */
  readonly settle: (ended: readonly Settled<Item, Settlement>[]) => Promise<void>
  readonly isDone: (settlement: Settlement) => boolean
  /** Called when items were settled. */
  readonly onProgress?: (() => void) | undefined
}

export interface Settled<Item, Settlement> {
  readonly item: Item
  readonly settlement: Settlement
}

// Nobody waits for these: larger batches matter more than a quick answer.
const SETTLING: BatcherOptions = { maxItems: 200, linger: () => sleep(100) }

/** State shared by the items of one pass. */
interface Pass<Item, Settlement> {
  readonly report: StageReport
  /** The caller's signal, or ours if the pass must stop. */
  readonly signal: AbortSignal
  /** @returns a signal that aborts when the lease is lost */
  keep(item: Item): AbortSignal
  settle(item: Item, settlement: Settlement): void
  stop(reason: unknown): void
  /** Waits for pending settlements. @returns true if there were any */
  settled(): Promise<boolean>
  /** Waits for pending settlements, then gives back items still held. @throws the reason for stopping */
  end(): Promise<void>
}

/** Works until nothing can be claimed now. If `work` or `settle` threw, rejects with no leases held. */
export async function drainQueue<Item extends { readonly lease: Lease }, Settlement>(
  options: DrainOptions<Item, Settlement>,
  signal: AbortSignal,
): Promise<StageReport> {
  const { concurrency } = options
  const working = new PQueue({ concurrency })
  const pass = startPass(options, signal)
  try {
    while (!pass.signal.aborted) {
      const claimed = await options.claim()
      // Items being settled may be claimable again immediately.
      if (claimed.length === 0 && working.size + working.pending === 0 && !(await pass.settled())) break
      for (const item of claimed) {
        const kept = pass.keep(item)
        void working.add(() => workOn(options, pass, item, kept))
      }
      // Claim more before these are finished: a busy database must not leave workers idle.
      await (claimed.length > 0 ? working.onSizeLessThan(concurrency * 2) : working.onIdle())
    }
  } finally {
    await working.onIdle()
    await pass.end()
  }
  return pass.report
}

async function workOn<Item extends { readonly lease: Lease }, Settlement>(
  { work }: DrainOptions<Item, Settlement>,
  pass: Pass<Item, Settlement>,
  item: Item,
  kept: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([pass.signal, kept])
  const isOver = (): boolean => signal.aborted
  if (isOver()) return
  try {
    const settlement = await work(item, signal)
    if (settlement !== undefined) pass.settle(item, settlement)
  } catch (error) {
    if (!isOver()) pass.stop(error)
  }
}

function startPass<Item extends { readonly lease: Lease }, Settlement>(
  { db, queue, leaseSeconds, settle, isDone, onProgress }: DrainOptions<Item, Settlement>,
  signal: AbortSignal,
): Pass<Item, Settlement> {
  const report = { done: 0, failed: 0 }
  const own = new AbortController()
  const held = new Set<Lease>()
  const keeper = leaseKeeper(queue, db, leaseSeconds)
  const stop = (reason: unknown): void => own.abort(reason)
  const settling = new Set<Promise<void>>()
  const write = batcher<Settled<Item, Settlement>, undefined>(async (ended) => {
    await settle(ended)
    for (const { item, settlement } of ended) {
      held.delete(item.lease)
      keeper.drop(item.lease)
      report[isDone(settlement) ? 'done' : 'failed']++
    }
    onProgress?.()
    return ended.map(() => undefined)
  }, SETTLING)
  return {
    report,
    signal: AbortSignal.any([signal, own.signal]),
    keep(item) {
      held.add(item.lease)
      return keeper.keep(item.lease)
    },
    settle(item, settlement) {
      const settled = write({ item, settlement })
        .catch(stop)
        .finally(() => settling.delete(settled))
      settling.add(settled)
    },
    stop,
    async settled() {
      const wasSettling = settling.size > 0
      await Promise.all(settling)
      return wasSettling
    },
    async end() {
      await Promise.all(settling)
      keeper.stop()
      await queue.release(db, [...held])
      own.signal.throwIfAborted()
    },
  }
}
