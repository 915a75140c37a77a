import type { Sql } from '@mediakeep/sql'
import { LIVING_CACHE } from './caches.ts'
import { unarchived } from './queues.ts'
import { toSource } from './to-source.ts'

const BATCH = 500

/**
 * Fetches contents that only an absent cache has from their source again. The content keeps its cache and its place
 * in the queue: if the cache returns, it uploads the content, and the rows count as fetched again.
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
