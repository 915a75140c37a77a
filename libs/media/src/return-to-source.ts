import type { Sql } from '@mediakeep/sql'
import { requeueLost } from './return-to-source.sql.ts'

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
    const sent = await requeueLost(sql, [BATCH])
    if (sent.rows[0]!.rows === 0) return rows
    rows += sent.rows[0]!.rows
  }
}
