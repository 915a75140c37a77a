// Generated from sequence.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Takes only so many that their items, compressed, stay within the given bytes; at least one.
 */
export const selectInbox = statement<
  [above: number | null | undefined, limit: number | null | undefined, itemBytes: number | null | undefined],
  { entryId: number; at: string; kind: string; subject: string; actor: unknown; details: unknown; private: unknown; items: unknown }
>(`
SELECT entry_id AS "entryId", to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, kind, subject,
  actor, details, private, items
FROM (SELECT i.*, sum(pg_column_size(i.items)) OVER (ORDER BY i.entry_id) AS bytes, row_number() OVER (ORDER BY i.entry_id) AS place
  FROM (SELECT * FROM mediakeep.custody_inbox WHERE entry_id > $1 ORDER BY entry_id LIMIT $2) i) e
WHERE place = 1 OR bytes IS NULL OR bytes <= $3 ORDER BY entry_id`)

export const selectHead = statement<
  [],
  { number: number; hash: Buffer; epoch: string; now: string; payload: string | null; hasRoom: boolean }
>(`
SELECT h.last_number AS number, h.hash, l.epoch,
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now,
  (SELECT c.payload FROM mediakeep.custody c WHERE c.number = h.last_number) AS payload,
  to_regclass('mediakeep.custody_' || (h.last_number + 1000000) / 5000000) IS NOT NULL AS "hasRoom"
FROM mediakeep.custody_head h CROSS JOIN mediakeep.event_log l`)

export const createPartition = statement<
  [number: number | null | undefined],
  { custody_partition: string | null }
>(`
SELECT mediakeep.custody_partition($1)`)

/**
 * Appends a part of the chain to the log and takes its entries out of the inbox, if the log still ends where that part
 * begins. Otherwise, or while another process does the same, changes nothing.
 */
export const moveEntries = statement<
  [last: number | null | undefined, lastHash: string | null | undefined, entryIds: readonly (number | null | undefined)[] | null | undefined, numbers: readonly (number | null | undefined)[] | null | undefined, payloads: readonly (string | null | undefined)[] | null | undefined, prevHashes: readonly (string | null | undefined)[] | null | undefined, hashes: readonly (string | null | undefined)[] | null | undefined, valueNumbers: readonly (number | null | undefined)[] | null | undefined, valueNames: readonly (string | null | undefined)[] | null | undefined, salts: readonly (string | null | undefined)[] | null | undefined, values: readonly (string | null | undefined)[] | null | undefined, itemNumbers: readonly (number | null | undefined)[] | null | undefined, itemPositions: readonly (number | null | undefined)[] | null | undefined, itemSubjects: readonly (string | null | undefined)[] | null | undefined, items: readonly (string | null | undefined)[] | null | undefined],
  { last: number }
>(`
WITH head AS MATERIALIZED (
  SELECT last_number FROM mediakeep.custody_head
  WHERE last_number = $1 AND hash = decode($2, 'hex') FOR UPDATE SKIP LOCKED),
taken AS (
  DELETE FROM mediakeep.custody_inbox WHERE entry_id = ANY ($3::bigint[]) AND EXISTS (SELECT FROM head)),
added AS (
  INSERT INTO mediakeep.custody (number, payload, prev_hash, hash)
  SELECT a.number, a.payload, decode(a.prev_hash, 'hex'), decode(a.hash, 'hex')
  FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) AS a (number, payload, prev_hash, hash)
  WHERE EXISTS (SELECT FROM head)
  RETURNING number, hash),
kept AS (
  INSERT INTO mediakeep.custody_values (number, name, salt, value)
  SELECT v.number, v.name, decode(v.salt, 'hex'), v.value
  FROM unnest($8::bigint[], $9::text[], $10::text[], $11::text[]) AS v (number, name, salt, value)
  WHERE EXISTS (SELECT FROM head)),
listed AS (
  INSERT INTO mediakeep.custody_items (number, position, subject, item)
  SELECT i.number, i.position, i.subject, i.item
  FROM unnest($12::bigint[], $13::integer[], $14::text[], $15::text[]) AS i (number, position, subject, item)
  WHERE EXISTS (SELECT FROM head))
UPDATE mediakeep.custody_head h SET last_number = l.number, hash = l.hash
FROM (SELECT number, hash FROM added ORDER BY number DESC LIMIT 1) l RETURNING h.last_number AS last`)
