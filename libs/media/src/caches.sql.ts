// Generated from caches.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * A shared setting: all machines use the same time to decide whether a cache is in use. Without it, the
 * statements use 86400 seconds.
 */
export const upsertCacheAbsence = statement<
  [seconds: number | null | undefined],
  object
>(`
INSERT INTO mediakeep.settings (name, value) VALUES ('cache_absent_after_seconds', to_jsonb($1::float8))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
WHERE settings.value IS DISTINCT FROM excluded.value`)
