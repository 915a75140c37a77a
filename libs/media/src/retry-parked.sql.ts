// Generated from retry-parked.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const queueParked = statement<
  [cacheId: string | null | undefined, notVersion: string | null | undefined, sha256s: readonly (string | null | undefined)[] | null | undefined],
  { sha256: string }
>(`
WITH parked AS MATERIALIZED (
  SELECT q.sha256_sum FROM mediakeep.contents q
  WHERE q.inspect_parked_at IS NOT NULL AND ($1::uuid IS NULL OR q.cache_id = $1)
    AND ($2::text IS NULL OR q.inspect_parked_version IS DISTINCT FROM $2)
    AND ($3::text[] IS NULL OR q.sha256_sum = ANY($3))
  ORDER BY q.sha256_sum FOR NO KEY UPDATE)
UPDATE mediakeep.contents q SET inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0,
  inspect_deaths = 0, inspect_not_before = now()
FROM parked WHERE q.sha256_sum = parked.sha256_sum RETURNING q.sha256_sum AS sha256`)
