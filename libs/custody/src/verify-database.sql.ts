// Generated from verify-database.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * In this order, so that an entry or checkpoint that is added meanwhile is not missed by the other: first the end that
 * others claim, then the entries.
 */
export const selectEnd = statement<
  [],
  { checkpoint: number; head: number }
>(`
SELECT coalesce((SELECT max(count) FROM mediakeep.custody_checkpoints), 0) AS checkpoint, h.last_number AS head
FROM mediakeep.custody_head h`)

export const selectLast = statement<
  [],
  { last: number; waiting: number }
>(`
SELECT coalesce((SELECT max(number) FROM mediakeep.custody), 0) AS last,
  (SELECT count(*) FROM mediakeep.custody_inbox) AS waiting`)

export const selectEntries = statement<
  [after: number | null | undefined, through: number | null | undefined, limit: number | null | undefined],
  { number: number; payload: string; prevHash: Buffer; hash: Buffer }
>(`
SELECT number, payload, prev_hash AS "prevHash", hash FROM mediakeep.custody
WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3`)

export const selectValues = statement<
  [first: number | null | undefined, last: number | null | undefined],
  { number: number; name: string; salt: Buffer; value: string }
>(`
SELECT number, name, salt, value FROM mediakeep.custody_values WHERE number >= $1 AND number <= $2`)

export const selectItems = statement<
  [number: number | null | undefined, position: number | null | undefined, through: number | null | undefined, limit: number | null | undefined],
  { number: number; position: number; subject: string; item: string }
>(`
SELECT number, position, subject, item FROM mediakeep.custody_items
WHERE (number, position) > ($1, $2) AND number <= $3 ORDER BY number, position LIMIT $4`)

export const selectCheckpoints = statement<
  [after: number | null | undefined, through: number | null | undefined, limit: number | null | undefined],
  { count: number; body: string; signature: Buffer }
>(`
SELECT count, body, signature FROM mediakeep.custody_checkpoints
WHERE count > $1 AND count <= $2 ORDER BY count LIMIT $3`)
