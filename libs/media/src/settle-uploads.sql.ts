// Generated from settle-uploads.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const lockHeld = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { id: string }
>(`
SELECT q.sha256_sum AS id FROM mediakeep.contents q
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
ORDER BY q.sha256_sum FOR UPDATE`)
