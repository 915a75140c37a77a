import { postedAtMillis, type Sql } from '@mediakeep/sql'

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
    const { rows } = await sql.query<StoredPost>(
      `SELECT post_id AS "postId", raw_json AS "rawJson" FROM public.posts
       WHERE post_id = ANY($1) AND raw_json IS NOT NULL ORDER BY post_id`,
      [ids],
    )
    if (rows.length > 0) yield rows
    done += ids.length
    after = ids.at(-1)!
  }
}

/** Selects as many posts as fit into memory: one may be 16 MiB. */
async function nextPosts(sql: Sql, selection: Selection, after: string, limit: number): Promise<string[]> {
  if (limit <= 0) return []
  const { postId, mediaId, startDate } = selection
  const { rows } = await sql.query<{ post_id: string; bytes: number }>(
    `SELECT post_id, octet_length(raw_json) AS bytes FROM public.posts p
     WHERE p.post_id > $1 AND p.raw_json IS NOT NULL AND ($3::text IS NULL OR p.post_id = $3)
       AND ($4::text IS NULL OR p.post_id = (SELECT m.post_id FROM public.post_media m WHERE m.media_id = $4))
       AND ($5::timestamptz IS NULL OR ${postedAtMillis('p')} >= extract(epoch FROM $5::timestamptz) * 1000)
     ORDER BY p.post_id LIMIT $2`,
    [after, limit, postId, mediaId, startDate],
  )
  let bytes = 0
  const fitting = rows.filter((row, index) => (bytes += row.bytes) <= MAX_BYTES || index === 0)
  return fitting.map((row) => row.post_id)
}
