import type { Sql } from '@mediakeep/sql'

/** How long a cache may be silent before others do its work. */
export const DEFAULT_ABSENT_AFTER_SECONDS = 24 * 3600

/**
 * SQL over a `mediakeep.caches k`: it was in use lately. The time is a shared setting, so that every statement on every
 * machine decides alike.
 */
export const LIVING_CACHE = `k.last_seen_at > now() - make_interval(secs => coalesce(
  (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
  ${DEFAULT_ABSENT_AFTER_SECONDS}))`

export interface CacheSighting {
  readonly id: string
  readonly host: string
  readonly folder: string
}

/** Says that this cache is in use. */
export async function reportCache(sql: Sql, { id, host, folder }: CacheSighting): Promise<void> {
  await sql.query(
    `INSERT INTO mediakeep.caches (cache_id, host, folder) VALUES ($1, $2, $3)
     ON CONFLICT (cache_id) DO UPDATE SET host = excluded.host, folder = excluded.folder, last_seen_at = now()`,
    [id, host, folder],
  )
}
