import { setTimeout as sleep } from 'node:timers/promises'
import { batcher, type BatcherOptions, type Sql } from '@mediakeep/sql'
import PQueue from 'p-queue'
import { leaseKeeper } from './lease-keeper.ts'
import type { Lease, LeaseQueue } from './lease-queue.ts'
import type { StageReport } from './stage.ts'

/** How a stage works through its queue. */
export interface DrainOptions<Item extends { readonly lease: Lease }, Settlement> {
  readonly db: Sql
  readonly queue: LeaseQueue
  readonly leaseSeconds: number
  /** Items that are worked on at once. */
  readonly concurrency: number
  readonly claim: () => Promise<Item[]>
  /**
   * @returns undefined when the item is to be given back: the signal aborted, or its lease was lost
   * @throws what makes it pointless to go on with any item
   */
  readonly work: (item: Item, signal: AbortSignal) => Promise<Settlement | undefined>
  /** Writes how items ended, which also ends their leases. May be called again with the same ones. */
  readonly settle: (ended: readonly Settled<Item, Settlement>[]) => Promise<void>
  readonly isDone: (settlement: Settlement) => boolean
}

export interface Settled<Item, Settlement> {
  readonly item: Item
  readonly settlement: Settlement
}

// Nobody waits for these: larger batches are worth more than a quick answer.
const SETTLING: BatcherOptions = { maxItems: 200, linger: () => sleep(100) }

/** What the items of one pass share. */
interface Pass<Item, Settlement> {
  readonly report: StageReport
  /** The caller's, or our own when going on makes no sense. */
  readonly signal: AbortSignal
  /** @returns aborts when the lease is lost */
  keep(item: Item): AbortSignal
  settle(item: Item, settlement: Settlement): void
  stop(reason: unknown): void
  /** Waits for what is being settled. @returns whether there was something */
  settled(): Promise<boolean>
  /** Waits for what is being settled, then gives back what is still held. @throws why it was stopped */
  end(): Promise<void>
}

/** Works until nothing is left that could be claimed now. Rejects, with nothing held, when `work` or `settle` threw. */
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
      // What is being settled may be claimable again at once.
      if (claimed.length === 0 && working.size + working.pending === 0 && !(await pass.settled())) break
      for (const item of claimed) {
        const kept = pass.keep(item)
        void working.add(() => workOn(options, pass, item, kept))
      }
      // More is claimed before these are through: a busy database must not keep anyone waiting.
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
  { db, queue, leaseSeconds, settle, isDone }: DrainOptions<Item, Settlement>,
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
