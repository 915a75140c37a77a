// Generated from read-events.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectEvents = statement<
  [after: number | null | undefined, limit: number | null | undefined, through: number | null | undefined],
  { number: number; kind: string; changes: unknown; createdAt: Date }
>(`
SELECT number, kind, changes, created_at AS "createdAt" FROM mediakeep.events
WHERE number > $1 AND ($3::bigint IS NULL OR number <= $3) ORDER BY number LIMIT $2`)
