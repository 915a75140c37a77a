import type { Sql } from '@mediakeep/sql'
import type { EventCursor } from './cursor.ts'
import { renewEpoch } from './epoch.ts'
import { numberCommitted } from './sequence-events.sql.ts'

/** Processes that follow the log listen to this channel; its payload is the last number, never an event. */
export const EVENTS_CHANNEL = 'mediakeep_events'

const EVENTS_A_ROUND = 1000

export interface Round {
  /** Number of events that this round numbered. */
  readonly numbered: number
  /** The last number assigned so far, as seen by this round. */
  readonly last: number
  readonly epoch: string
}

/**
 * Numbers up to a thousand committed events, which makes them readable. It is one statement and transaction: a process
 * that hangs never holds the lock, and one that finds it held does nothing. Events of open transactions are not visible
 * and delay nothing; they are numbered after their commit.
 *
 * @param above events up to this identity are known to be numbered or never committed
 */
export async function sequenceEvents(sql: Sql, above = 0): Promise<Round> {
  const round = await numberEvents(sql, above)
  if (!round.isMoved) return round
  await renewEpoch(sql)
  return await numberEvents(sql, above)
}

async function numberEvents(sql: Sql, above: number): Promise<Round & { isMoved: boolean }> {
  const { rows } = await numberCommitted(sql, [above, EVENTS_A_ROUND])
  return rows[0]!
}

/** Numbers everything committed so far. @returns the last number */
export async function sequenceAll(sql: Sql): Promise<number> {
  return (await endOfLog(sql)).after
}

/** Returns the cursor after everything committed so far. */
export async function endOfLog(sql: Sql): Promise<EventCursor> {
  for (;;) {
    const { numbered, last, epoch } = await sequenceEvents(sql)
    if (numbered < EVENTS_A_ROUND) return { epoch, after: last, seen: 0 }
  }
}
