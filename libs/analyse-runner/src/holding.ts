import { releaseAnalyses, type AnalysisLease } from '@mediakeep/analysis'
import type { LeaseKeeper } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'

/** A lease that this process holds. */
export interface Held {
  readonly lease: AnalysisLease
  /** Aborts when the lease is lost. */
  readonly lost: AbortSignal
}

/** The leases of one lane, which are kept alive: some in progress, some waiting. */
export interface Holding {
  /** Returns the next lease; claims more if none is waiting. Undefined if there is nothing to claim. */
  next(): Promise<Held | undefined>
  /** Drops a lease whose work has been handed in. */
  drop(held: Held): void
  /** Returns a lease unused, unless it was lost. */
  giveBack(held: Held): Promise<void>
  /** Returns all leases whose work has not begun. */
  giveBackWaiting(): Promise<void>
}

export function createHolding(
  db: Database,
  keeper: LeaseKeeper,
  claim: () => Promise<readonly AnalysisLease[]>,
): Holding {
  const waiting: Held[] = []
  let claiming: Promise<void> | undefined

  async function refill(): Promise<void> {
    for (const lease of await claim()) waiting.push({ lease, lost: keeper.keep(lease) })
  }
  async function giveBack(all: readonly Held[]): Promise<void> {
    for (const { lease } of all) keeper.drop(lease)
    const ours = all.filter(({ lost }) => !lost.aborted)
    if (ours.length > 0)
      await releaseAnalyses(
        db,
        ours.map(({ lease }) => lease),
      )
  }

  return {
    async next() {
      if (waiting.length === 0) await (claiming ??= refill().finally(() => (claiming = undefined)))
      return waiting.shift()
    },
    drop: ({ lease }) => keeper.drop(lease),
    giveBack: (held) => giveBack([held]),
    giveBackWaiting: () => giveBack(waiting.splice(0)),
  }
}
