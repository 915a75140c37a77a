// Generated from verify-history.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Returns the entries that concern a subject, and their item about it where they have several.
 */
export const selectHistory = statement<
  [subjects: readonly (string | null | undefined)[] | null | undefined, after: number | null | undefined, limit: number | null | undefined],
  { number: number; payload: string; prevHash: Buffer; hash: Buffer; item: string | null; hashBefore: Buffer | null }
>(`
SELECT c.number, c.payload, c.prev_hash AS "prevHash", c.hash, h.item, p.hash AS "hashBefore"
FROM (
  (SELECT number, NULL AS item FROM mediakeep.custody WHERE subject = ANY ($1::text[]) AND number > $2
    ORDER BY number LIMIT $3)
  UNION ALL
  (SELECT number, item FROM mediakeep.custody_items WHERE subject = ANY ($1::text[]) AND number > $2
    ORDER BY number LIMIT $3)) h
JOIN mediakeep.custody c USING (number)
LEFT JOIN mediakeep.custody p ON p.number = c.number - 1
ORDER BY c.number`)

export const selectWaiting = statement<
  [subjects: readonly (string | null | undefined)[] | null | undefined],
  { waiting: number }
>(`
SELECT count(*) AS waiting FROM mediakeep.custody_inbox i WHERE i.subject = ANY ($1::text[])
  OR i.items IS NOT NULL AND EXISTS (
    SELECT FROM jsonb_array_elements(i.items) e WHERE e ->> 'subject' = ANY ($1::text[]))`)
