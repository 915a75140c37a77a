// Generated from make-checkpoint.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectLastCheckpoint = statement<
  [],
  { count: number; body: string; signature: Buffer }
>(`
SELECT count, body, signature FROM mediakeep.custody_checkpoints ORDER BY count DESC LIMIT 1`)

export const selectState = statement<
  [],
  { count: number; hash: Buffer; epoch: string; at: string; key: string | null }
>(`
SELECT h.last_number AS count, c.hash, l.epoch,
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  (SELECT k.payload::jsonb #>> '{details,key}' FROM mediakeep.custody k WHERE k.subject = 'keys'
    ORDER BY k.number DESC LIMIT 1) AS key
FROM mediakeep.custody_head h JOIN mediakeep.custody c ON c.number = h.last_number CROSS JOIN mediakeep.event_log l`)

export const selectHashes = statement<
  [after: number | null | undefined, through: number | null | undefined, limit: number | null | undefined],
  { number: number; hash: Buffer }
>(`
SELECT number, hash FROM mediakeep.custody WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3`)

export const insertCheckpoint = statement<
  [count: number | null | undefined, body: string | null | undefined, signature: Uint8Array | null | undefined],
  object
>(`
INSERT INTO mediakeep.custody_checkpoints (count, body, signature) VALUES ($1, $2, $3)`)
