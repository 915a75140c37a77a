import type { Sql } from '@mediakeep/sql'
import { INSPECT_AGAIN } from './queue-contents.ts'

/**
 * Queues for removal unrecorded files of rejected contents in this cache: a file stored while its content was being
 * judged, or one that this machine had restored. The inspection stage removes only queued files.
 *
 * @param names contents whose files the cache has
 */
export async function queueRemoval(sql: Sql, cacheId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await sql.query(
    `UPDATE mediakeep.contents c SET cache_id = $2, ${INSPECT_AGAIN}
     WHERE c.name = ANY($1) AND c.rejected_at IS NOT NULL
       AND (c.cache_id IS NULL OR (c.cache_id = $2 AND c.inspected_at IS NOT NULL))`,
    [names, cacheId],
  )
}
