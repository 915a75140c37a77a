import { releaseAnalyses, type AnalysisLease } from '@mediakeep/analysis'
import type { LeaseKeeper } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'

/** A lease in our hands. */
export interface Held {
  readonly lease: AnalysisLease
  /** Aborts when it is not ours any more. */
  readonly lost: AbortSignal
}

/** The leases that one lane holds, kept alive: some worked on, some waiting. */
export interface Holding {
  /** The next to work on; claims more when none waits. Undefined when there is nothing to be claimed. */
  next(): Promise<Held | undefined>
  /** Its work has been handed in. */
  drop(held: Held): void
  /** It goes back untried; unless it was lost, then there is nothing to give. */
  giveBack(held: Held): Promise<void>
  /** Those that nobody has begun go back. */
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
