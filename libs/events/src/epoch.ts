import type { Sql } from '@mediakeep/sql'

/**
 * Starts a new epoch if a different database now writes the log: after a failover, or a restore into another server or
 * database. Otherwise, or while another process numbers events, does nothing; safe to call at any time.
 */
export async function renewEpoch(sql: Sql): Promise<void> {
  await sql.query(RENEW)
}

/** SQL condition on `l`, the row of the log: this is not the database that started the epoch. */
export const IS_MOVED = `mediakeep.database_origin() NOT IN ('unknown', coalesce(l.origin, ''))`

const RENEW = `WITH log AS MATERIALIZED (
    SELECT l.epoch, l.last_number, l.origin, mediakeep.database_origin() AS here
    FROM mediakeep.event_log l WHERE ${IS_MOVED} FOR UPDATE SKIP LOCKED),
  ended AS (
    INSERT INTO mediakeep.event_epochs (epoch, last_number)
    SELECT epoch, last_number FROM log WHERE origin <> here)
  UPDATE mediakeep.event_log l SET origin = log.here,
    epoch = CASE WHEN log.origin IS NULL THEN l.epoch ELSE left(md5(gen_random_uuid()::text), 8) END
  FROM log`

/** The current epoch, and how far its log matches that of another epoch. */
export interface SharedLog {
  readonly epoch: string
  readonly pruned: number
  /** The last number in the current log. */
  readonly last: number
  /** The last number at which both logs have the same event; null if the other epoch is unknown here. */
  readonly shared: number | null
}

/** @param epoch the other epoch; default: the first one */
export async function readSharedLog(sql: Sql, epoch: string | undefined): Promise<SharedLog> {
  const { rows } = await sql.query<SharedLog>(
    `WITH asked AS MATERIALIZED (
       SELECT coalesce($1, (SELECT epoch FROM mediakeep.event_epochs ORDER BY place LIMIT 1), l.epoch) AS epoch
       FROM mediakeep.event_log l)
     SELECT l.epoch, l.pruned_number AS pruned, l.last_number AS last, CASE
       WHEN l.epoch = a.epoch THEN l.last_number
       ELSE (SELECT min(later.last_number) FROM mediakeep.event_epochs e
         JOIN mediakeep.event_epochs later ON later.place >= e.place WHERE e.epoch = a.epoch) END AS shared
     FROM mediakeep.event_log l CROSS JOIN asked a`,
    [epoch ?? null],
  )
  return rows[0]!
}
