// Generated from epoch.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const startEpochIfMoved = statement<
  [],
  object
>(`
WITH log AS MATERIALIZED (
  SELECT l.epoch, l.last_number, l.origin, mediakeep.database_origin() AS here
  FROM mediakeep.event_log l WHERE mediakeep.database_origin() NOT IN ('unknown', coalesce(l.origin, '')) FOR UPDATE SKIP LOCKED),
ended AS (
  INSERT INTO mediakeep.event_epochs (epoch, last_number)
  SELECT epoch, last_number FROM log WHERE origin <> here)
UPDATE mediakeep.event_log l SET origin = log.here,
  epoch = CASE WHEN log.origin IS NULL THEN l.epoch ELSE left(md5(gen_random_uuid()::text), 8) END
FROM log`)

export const selectSharedLog = statement<
  [epoch: string | null | undefined],
  { epoch: string; pruned: number; last: number; shared: number | null }
>(`
WITH asked AS MATERIALIZED (
  SELECT coalesce($1, (SELECT epoch FROM mediakeep.event_epochs ORDER BY place LIMIT 1), l.epoch) AS epoch
  FROM mediakeep.event_log l)
SELECT l.epoch, l.pruned_number AS pruned, l.last_number AS last, CASE
  WHEN l.epoch = a.epoch THEN l.last_number
  ELSE (SELECT min(later.last_number) FROM mediakeep.event_epochs e
    JOIN mediakeep.event_epochs later ON later.place >= e.place WHERE e.epoch = a.epoch) END AS shared
FROM mediakeep.event_log l CROSS JOIN asked a`)
