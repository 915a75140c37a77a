import type { JsonObject } from '@mediakeep/plugin-api'
import type { TestDatabase } from '@mediakeep/testing'
import { invented, urnOf } from './posts.fixture.ts'

/** A post in the format of today's exports: its full_urn names the ugcPost or share behind the activity. */
export function exported(
  n: number,
  kind: 'activity' | 'share' | 'ugcPost',
  changes: JsonObject = {},
): JsonObject {
  const id = kind === 'activity' ? urnOf(n) : `9${urnOf(n).slice(1)}`
  return invented(n, {
    urn: {
      activity_urn: urnOf(n),
      share_urn: kind === 'share' ? id : null,
      ugcPost_urn: kind === 'ugcPost' ? id : null,
    },
    full_urn: `urn:li:${kind}:${id}`,
    ...changes,
  })
}

/** A repost has its own activity, and the full_urn of the post it reposts. */
export const repost = (n: number, original: JsonObject): JsonObject =>
  invented(n, { full_urn: original.full_urn!, reshared_post: original })

let ids = 0
/** Stores a post like the original tool: looks it up by full_urn, then inserts it. */
export async function storeAsOriginalTool(
  database: TestDatabase,
  post: JsonObject,
): Promise<'known' | 'inserted'> {
  const known = await database.query('SELECT post_id FROM posts WHERE urn = $1', [post.full_urn])
  if (known.rows.length > 0) return 'known'
  await database.query(
    `INSERT INTO posts (post_id, urn, full_urn, platform, posted_at_timestamp, raw_json) VALUES ($1, $2, $2, $3, $4, $5)`,
    [`p-${(ids++).toString(16).padStart(8, '0')}`, post.full_urn, 'linkedin', 1, JSON.stringify(post)],
  )
  return 'inserted'
}

export const urnIn = (post: JsonObject): string => post.full_urn as string
