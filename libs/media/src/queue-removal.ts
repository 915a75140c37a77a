import type { Sql } from '@mediakeep/sql'

/**
 * Queues for removal what this cache has of rejected contents though nobody knows of it: a file that was put there
 * while its content was judged, or that this machine had restored. The inspection stage removes what it is told of.
 *
 * @param names of contents whose files the cache has
 */
export async function queueRemoval(sql: Sql, cacheId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await sql.query(
    `UPDATE mediakeep.contents c SET cache_id = $2, inspected_at = NULL, inspect_error = NULL, inspect_attempts = 0,
       inspect_deaths = 0, inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_not_before = now(),
       inspect_lease_token = NULL, inspect_lease_expires_at = NULL
     WHERE c.name = ANY($1) AND c.rejected_at IS NOT NULL
       AND (c.cache_id IS NULL OR (c.cache_id = $2 AND c.inspected_at IS NOT NULL))`,
    [names, cacheId],
  )
}
