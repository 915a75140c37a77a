// Generated from prune-events.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const deleteOldest = statement<
  [keepSeconds: number | null | undefined, limit: number | null | undefined],
  { deleted: number }
>(`
WITH oldest AS MATERIALIZED (
  SELECT number, created_at < now() - make_interval(secs => $1) AS is_old FROM mediakeep.events
  WHERE number IS NOT NULL ORDER BY number LIMIT $2),
doomed AS MATERIALIZED (
  SELECT number FROM oldest
  WHERE number < coalesce((SELECT min(number) FROM oldest WHERE NOT is_old), 'infinity'::numeric)),
moved AS (
  UPDATE mediakeep.event_log SET pruned_number = greatest(pruned_number, (SELECT max(number) FROM doomed))
  WHERE EXISTS (SELECT FROM doomed)),
deleted AS (DELETE FROM mediakeep.events e USING doomed d WHERE e.number = d.number RETURNING 1)
SELECT count(*)::integer AS deleted FROM deleted`)
