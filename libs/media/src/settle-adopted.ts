import { actorJson } from '@mediakeep/custody'
import { cachePath, type Content } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { updateAdopted } from './settle-adopted.sql.ts'

/**
 * Makes rows show this content, whose file is in the cache, and queues it for inspection or the archive. Rows that
 * already show a content are left alone; a running download loses its lease.
 *
 * @returns the ids of the changed rows
 */
export async function settleAdopted(
  sql: Sql,
  cacheId: string,
  content: Content,
  mediaIds: readonly string[],
): Promise<string[]> {
  const settled = await updateAdopted(sql, [
    cacheId,
    content.sha256,
    mediaIds,
    cachePath(content),
    actorJson(),
  ])
  return settled.rows.map((row) => row.mediaId)
}
