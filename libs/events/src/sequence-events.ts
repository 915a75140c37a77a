import type { Sql } from '@mediakeep/sql'
import type { EventCursor } from './cursor.ts'
import { IS_MOVED, renewEpoch } from './epoch.ts'

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
  const { rows } = await sql.query<Round & { isMoved: boolean }>(NUMBER, [above, EVENTS_A_ROUND])
  return rows[0]!
}

// Rereads the lock's row and each event once locked, so that events which another round numbered since this
// statement's snapshot are skipped. If there is nothing to do, locks and writes nothing.
const NUMBER = `WITH state AS MATERIALIZED (
       SELECT ${IS_MOVED} AS is_moved FROM mediakeep.event_log l
       WHERE EXISTS (SELECT FROM mediakeep.events WHERE number IS NULL AND event_id > $1)),
     log AS MATERIALIZED (
       SELECT last_number FROM mediakeep.event_log
       WHERE EXISTS (SELECT FROM state WHERE NOT is_moved) FOR UPDATE SKIP LOCKED),
     picked AS MATERIALIZED (
       SELECT event_id FROM mediakeep.events
       WHERE number IS NULL AND event_id > $1 AND EXISTS (SELECT FROM log)
       ORDER BY event_id LIMIT $2 FOR UPDATE),
     numbered AS (
       UPDATE mediakeep.events e SET number = log.last_number + p.place
       FROM log, (SELECT event_id, row_number() OVER (ORDER BY event_id) AS place FROM picked) p
       WHERE e.event_id = p.event_id RETURNING e.number),
     counted AS MATERIALIZED (SELECT count(*) AS n, max(number) AS last FROM numbered),
     advanced AS (
       UPDATE mediakeep.event_log l SET last_number = c.last FROM counted c WHERE c.n > 0 RETURNING l.last_number),
     told AS MATERIALIZED (SELECT pg_notify('${EVENTS_CHANNEL}', last_number::text) FROM advanced)
     SELECT c.n::integer AS numbered, (SELECT count(*) FROM told) AS told, coalesce(c.last, l.last_number) AS last,
       l.epoch, coalesce((SELECT is_moved FROM state), false) AS "isMoved"
     FROM counted c CROSS JOIN mediakeep.event_log l`

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
