// Generated from settle-uploads.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const lockHeld = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { id: string }
>(`
SELECT q.sha256_sum AS id FROM mediakeep.contents q
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
ORDER BY q.sha256_sum FOR UPDATE`)

export const updateFailed = statement<
  [failed: string | null | undefined, maxAttempts: number | null | undefined, longestSeconds: number | null | undefined, firstSeconds: number | null | undefined],
  object
>(`
UPDATE mediakeep.contents q SET archive_error = f.reason, archive_attempts = q.archive_attempts + 1,
  archive_lease_token = NULL, archive_lease_expires_at = NULL, archive_deaths = 0,
  archive_not_before = CASE WHEN q.archive_attempts + 1 < $2 AND NOT f."isParked"
    THEN now() + make_interval(secs => least($3, $4 * 2 ^ q.archive_attempts)) END
FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text, "isParked" boolean)
WHERE q.sha256_sum = f.sha256`)
