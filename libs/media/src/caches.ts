/** How long a cache may be silent before others take over its work. */
const DEFAULT_ABSENT_AFTER_SECONDS = 24 * 3600

/**
 * SQL over a `mediakeep.caches k`: true if it was in use recently. The time is a shared setting, so that every
 * statement on every machine decides alike.
 */
export const LIVING_CACHE = `k.last_seen_at > now() - make_interval(secs => coalesce(
  (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
  ${DEFAULT_ABSENT_AFTER_SECONDS}))`
