import type { Sql } from '@mediakeep/sql'
import { updateQueued } from './queue-contents.sql.ts'

/** Queues a content whose file this cache has: for inspection if it was never inspected, otherwise for the archive. */
export async function queueContent(
  sql: Sql,
  { sha256, cacheId }: { readonly sha256: string; readonly cacheId: string },
): Promise<void> {
  await updateQueued(sql, [sha256, cacheId])
}
