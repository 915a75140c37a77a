import { InvalidMediaUrlError, readMediaUrl } from '@mediakeep/media-url'
import { unescapeUrl } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import type { PostMedia } from './store-media.ts'
import { selectUnkeyed } from './unkeyed-media.sql.ts'

/**
 * Leaves out items for which an older tool has a row without a source key: the unique index cannot see that they
 * are the same, and would allow a duplicate.
 *
 * @param postIds the posts that may have such rows
 */
export async function withoutUnkeyed(
  sql: Sql,
  items: readonly PostMedia[],
  postIds: readonly string[],
): Promise<readonly PostMedia[]> {
  if (postIds.length === 0) return items
  const { rows } = await selectUnkeyed(sql, [postIds])
  if (rows.length === 0) return items
  const unkeyed = new Set(rows.map((row) => `${row.post_id} ${keyOf(row.media_url)}`))
  return items.filter(({ postId, media }) => !unkeyed.has(`${postId} ${media.sourceKey}`))
}

function keyOf(url: string): string {
  try {
    return readMediaUrl(unescapeUrl(url)).sourceKey
  } catch (error) {
    if (error instanceof InvalidMediaUrlError) return ''
    throw error
  }
}
