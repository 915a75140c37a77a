import type { Sql } from '@mediakeep/sql'

/** Listened to by those who follow the log; its payload is the last number, never an event. */
export const EVENTS_CHANNEL = 'mediakeep_events'

const EVENTS_A_ROUND = 1000

export interface Round {
  /** How many events this round numbered. */
  readonly numbered: number
  /** The last number that is given out, as this round saw it. */
  readonly last: number
}

/**
 * Numbers committed events, up to a thousand, after which they can be read. One statement and transaction: a
 * process that hangs never holds the lock, and one that finds it held goes its way. Events of transactions that
 * are still open are not seen, and keep nobody waiting; they are numbered when they are committed.
 *
 * @param above events up to this identity are known to be numbered, or never committed
 */
export async function sequenceEvents(sql: Sql, above = 0): Promise<Round> {
  const { rows } = await sql.query<Round>(
    // The lock's row, and each event, is read anew once locked: what another round numbered since this
    // statement's snapshot is passed over. Without work nothing is locked, and nothing written.
    `WITH log AS MATERIALIZED (
       SELECT last_number FROM mediakeep.event_log
       WHERE EXISTS (SELECT FROM mediakeep.events WHERE number IS NULL AND event_id > $1)
       FOR UPDATE SKIP LOCKED),
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
     SELECT c.n::integer AS numbered, (SELECT count(*) FROM told) AS told,
       coalesce(c.last, (SELECT last_number FROM mediakeep.event_log)) AS last FROM counted c`,
    [above, EVENTS_A_ROUND],
  )
  const { numbered, last } = rows[0]!
  return { numbered, last }
}

/** Numbers all that is committed now. @returns the last number */
export async function sequenceAll(sql: Sql): Promise<number> {
  for (;;) {
    const { numbered, last } = await sequenceEvents(sql)
    if (numbered < EVENTS_A_ROUND) return last
  }
}
