// Generated from queue-removal.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const updateForRemoval = statement<
  [names: readonly (string | null | undefined)[] | null | undefined, cacheId: string | null | undefined],
  object
>(`
UPDATE mediakeep.contents c SET cache_id = $2, inspected_at = NULL, inspect_error = NULL,
  inspect_lease_token = NULL,
  inspect_lease_expires_at = NULL, inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0,
  inspect_deaths = 0, inspect_not_before = now()
WHERE c.name = ANY($1) AND c.rejected_at IS NOT NULL
  AND (c.cache_id IS NULL OR (c.cache_id = $2 AND c.inspected_at IS NOT NULL))`)
