// Generated from sequence-events.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Rereads the lock's row and each event once locked, so that events which another round numbered since this
 * statement's snapshot are skipped. If there is nothing to do, locks and writes nothing.
 */
export const numberCommitted = statement<
  [above: number | null | undefined, limit: number | null | undefined],
  { numbered: number; told: number | null; last: number; epoch: string; isMoved: boolean }
>(`
WITH state AS MATERIALIZED (
  SELECT mediakeep.database_origin() NOT IN ('unknown', coalesce(l.origin, '')) AS is_moved FROM mediakeep.event_log l
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
told AS MATERIALIZED (SELECT pg_notify('mediakeep_events', last_number::text) FROM advanced)
SELECT c.n::integer AS numbered, (SELECT count(*) FROM told) AS told, coalesce(c.last, l.last_number) AS last,
  l.epoch, coalesce((SELECT is_moved FROM state), false) AS "isMoved"
FROM counted c CROSS JOIN mediakeep.event_log l`)
