// Generated from sequencer.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectNewestIdentity = statement<
  [],
  { last: number }
>(`
SELECT last_value AS last FROM mediakeep.events_event_id_seq`)

export const selectWriters = statement<
  [],
  { transaction: string }
>(`
SELECT DISTINCT virtualtransaction AS transaction FROM pg_locks
WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = 'mediakeep.events'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()`)

export const selectSettled = statement<
  [settled: number | null | undefined, newest: number | null | undefined],
  { settled: number }
>(`
SELECT least($2::bigint, (SELECT min(event_id) - 1 FROM mediakeep.events
WHERE number IS NULL AND event_id > $1)) AS settled`)
