import type { Sql } from '@mediakeep/sql'
import { updateForRemoval } from './queue-removal.sql.ts'

/**
 * Queues for removal unrecorded files of rejected contents in this cache: a file stored while its content was being
 * judged, or one that this machine had restored. The inspection stage removes only queued files.
 *
 * @param names contents whose files the cache has
 */
export async function queueRemoval(sql: Sql, cacheId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await updateForRemoval(sql, [names, cacheId])
}
