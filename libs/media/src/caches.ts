import type { Sql } from '@mediakeep/sql'

/** How long a cache may be silent before others take over its work. */
const DEFAULT_ABSENT_AFTER_SECONDS = 24 * 3600

/**
 * SQL over a `mediakeep.caches k`: true if it was in use recently. The time is a shared setting, so that every
 * statement on every machine decides alike.
 */
export const LIVING_CACHE = `k.last_seen_at > now() - make_interval(secs => coalesce(
  (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
  ${DEFAULT_ABSENT_AFTER_SECONDS}))`

/** Sets for all machines how long a cache may be silent before others take over its work. */
export async function setCacheAbsence(sql: Sql, seconds: number): Promise<void> {
  await sql.query(
    `INSERT INTO mediakeep.settings (name, value) VALUES ('cache_absent_after_seconds', to_jsonb($1::float8))
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
     WHERE settings.value IS DISTINCT FROM excluded.value`,
    [seconds],
  )
}
