import { unarchived } from '@mediakeep/content'
import type { Stage } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { toSource } from './to-source.ts'

/** How long a cache may be silent before others do its work. */
const DEFAULT_ABSENT_AFTER_SECONDS = 24 * 3600

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
async function reportCache(sql: Sql, { id, host, folder }: CacheSighting): Promise<void> {
  await sql.query(
    `INSERT INTO mediakeep.caches (cache_id, host, folder) VALUES ($1, $2, $3)
     ON CONFLICT (cache_id) DO UPDATE SET host = excluded.host, folder = excluded.folder, last_seen_at = now()`,
    [id, host, folder],
  )
}

/** Reports a cache once a minute, in a stage of its own: no slow task may make a living cache look absent. */
export function cacheHeartbeat(sql: Sql, sighting: CacheSighting, everyMs = 60_000): Stage {
  let last = -Infinity
  return {
    name: 'cache-heartbeat',
    async drain() {
      if (performance.now() - last >= everyMs) {
        await reportCache(sql, sighting)
        last = performance.now()
      }
      return { done: 0, failed: 0 }
    },
  }
}

const BATCH = 500

/**
 * What only an absent cache holds is fetched from its source again. The content keeps its cache and its place in the
 * queue: a cache that comes back uploads it, and its rows are fetched again by that.
 *
 * @returns how many rows were sent back
 */
export async function returnToSource(sql: Sql, signal?: AbortSignal): Promise<number> {
  for (let rows = 0; ;) {
    signal?.throwIfAborted()
    const sent = await sql.query<{ rows: number }>(
      `WITH alone AS MATERIALIZED (
         SELECT c.sha256_sum, 'not archived, and its cache on ' || coalesce(k.host, k.cache_id::text)
           || ' was last seen ' || to_char(k.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI" UTC"') AS reason
         FROM mediakeep.caches k JOIN mediakeep.contents c ON c.cache_id = k.cache_id
         WHERE NOT (${LIVING_CACHE}) AND ${unarchived('c')} AND c.rejected_at IS NULL
           AND EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum AND m.fate = 'fetched')
         LIMIT $1),
       ${toSource('SELECT * FROM alone')}
       SELECT count(*) AS rows FROM sent`,
      [BATCH],
    )
    if (sent.rows[0]!.rows === 0) return rows
    rows += sent.rows[0]!.rows
  }
}
