import type { Sql } from '@mediakeep/sql'
import { selectNextPosts, selectPosts } from './stored-posts.sql.ts'

/** Selects stored posts; an empty selection means all. */
export interface Selection {
  readonly postId?: string | undefined
  /** The post of this media item. */
  readonly mediaId?: string | undefined
  /** Posts published at this time or later; an ISO 8601 date or time. */
  readonly startDate?: string | undefined
  /** Maximum number of posts. */
  readonly limit?: number | undefined
}

export interface StoredPost {
  readonly postId: string
  readonly rawJson: string
}

const MAX_POSTS = 500
const MAX_BYTES = 8 * 1024 * 1024

/**
 * Yields the selected posts that have JSON, in batches, ordered by id.
 *
 * @param from the last post processed, and how many count towards the limit
 */
export async function* readStoredPosts(
  sql: Sql,
  selection: Selection,
  from: { after?: string | undefined; done?: number } = {},
): AsyncGenerator<StoredPost[], void, undefined> {
  let { after = '', done = 0 } = from
  for (;;) {
    const limit = Math.min(MAX_POSTS, (selection.limit ?? Infinity) - done)
    const ids = await nextPosts(sql, selection, after, limit)
    if (ids.length === 0) return
    const { rows } = await selectPosts(sql, [ids])
    if (rows.length > 0) yield rows
    done += ids.length
    after = ids.at(-1)!
  }
}

/** Selects as many posts as fit into memory: one may be 16 MiB. */
async function nextPosts(sql: Sql, selection: Selection, after: string, limit: number): Promise<string[]> {
  if (limit <= 0) return []
  const { postId, mediaId, startDate } = selection
  const { rows } = await selectNextPosts(sql, [after, limit, postId, mediaId, startDate])
  let bytes = 0
  const fitting = rows.filter((row, index) => (bytes += row.bytes) <= MAX_BYTES || index === 0)
  return fitting.map((row) => row.post_id)
}
