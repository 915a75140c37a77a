import type { Sql } from '@mediakeep/sql'
import { sequenceEvents, type Round } from './sequence-events.ts'
import { selectNewestIdentity, selectSettled, selectWriters } from './sequencer.sql.ts'

const SETTLE_MS = 1000

/** Numbers events while a process follows the log. Any number of processes may do so. */
export interface Sequencer {
  round(): Promise<Round>
}

/** Identities up to `newest` are settled once all transactions that were writing at that time have ended. */
interface Candidate {
  readonly newest: number
  readonly writers: ReadonlySet<string>
}

/**
 * A numbered event leaves a dead entry in the index of unnumbered events, which stays while any transaction is open
 * anywhere; rounds that scan all such entries would crawl. The sequencer therefore remembers the identity up to which
 * everything is settled. Transactions that have not written events do not delay that.
 */
export function openSequencer(sql: Sql): Sequencer {
  let settled = 0
  let candidate: Candidate | undefined
  let looked = -Infinity
  let epoch: string | undefined
  const settle = async (): Promise<void> => {
    looked = performance.now()
    candidate ??= { newest: await newestIdentity(sql), writers: await writersOfEvents(sql) }
    const writers = await writersOfEvents(sql)
    if ([...candidate.writers].some((writer) => writers.has(writer))) return
    // A separate statement, so that it sees the commits of the writers that have ended.
    settled = await unnumberedBelow(sql, settled, candidate.newest)
    candidate = undefined
  }
  return {
    async round() {
      const round = await sequenceEvents(sql, settled)
      // A database that lost commits assigns identities again.
      epoch ??= round.epoch
      if (round.epoch !== epoch) {
        ;[epoch, settled, candidate] = [round.epoch, 0, undefined]
        return await sequenceEvents(sql, 0)
      }
      if (round.numbered > 0 && performance.now() - looked > SETTLE_MS) await settle()
      return round
    },
  }
}

async function newestIdentity(sql: Sql): Promise<number> {
  const { rows } = await selectNewestIdentity(sql)
  return rows[0]!.last
}

/** Transactions that hold the lock taken by any write to the log, which is released when they end. */
async function writersOfEvents(sql: Sql): Promise<Set<string>> {
  const { rows } = await selectWriters(sql)
  return new Set(rows.map(({ transaction }) => transaction))
}

async function unnumberedBelow(sql: Sql, settled: number, newest: number): Promise<number> {
  const { rows } = await selectSettled(sql, [settled, newest])
  return rows[0]!.settled
}
