import { heldBy, type Lease } from '@mediakeep/lease'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Database, Sql } from '@mediakeep/sql'
import type { WorkOptions } from './import-files.ts'
import { isFileOnly } from './media-record.ts'
import { parsePost } from './parse-post.ts'
import { postRecord, rejectionOf, type Rejection } from './post-record.ts'
import { LeaseLostError } from './queue.ts'
import { storeMedia, type PostMedia } from './store-media.ts'
import { refusalOf, storeSafely, withRetries, type Storing } from './store-safely.ts'
import { readStoredPosts, type StoredPost } from './stored-posts.ts'
import { withoutUnkeyed } from './unkeyed-media.ts'
import {
  addMediaCounts,
  insertRejectedPost,
  selectPosition,
  selectRun,
  updatePosition,
} from './backfill-posts.sql.ts'

/** Finds the media of stored posts again and adds missing rows, starting at the run's position. */
export async function backfillPosts(db: Database, lease: Lease, work: WorkOptions): Promise<void> {
  const { rows } = await withRetries(() => selectRun(db, [lease.id]), work.signal)
  const { after, ...selection } = rows[0]!.options
  const from = { after, done: rows[0]!.posts_processed }
  const how: Storing<readonly FoundPost[]> = {
    store: (posts) => store(db, lease, posts),
    halve: halves,
    reject: refused,
  }
  for await (const posts of readStoredPosts(db, selection, from)) {
    work.signal.throwIfAborted()
    await storeSafely(findMedia(posts, work.formats), how, work.signal)
    await work.onStored()
  }
}

/** A stored post and its parsed media. */
export interface FoundPost extends StoredPost {
  /** Sorted by source key. */
  readonly media: readonly PostMedia[]
  /** Reason why there are none. */
  readonly rejection?: Rejection
  /** No format reads this kind of post: it comes from another tool or platform. */
  readonly isUnknown?: true
}

export function findMedia(posts: readonly StoredPost[], formats: readonly SourceFormat[]): FoundPost[] {
  return posts.map((post) => {
    const { postId, rawJson } = post
    const bytes = Buffer.from(rawJson)
    try {
      const json = parsePost({ bytes, index: 0, offset: 0, problem: undefined })
      const { media, postedAt } = postRecord(json, bytes, formats)
      // Only the export itself tells which of its files a post shows.
      const urls = media.filter((record) => !isFileOnly(record))
      const sorted = urls.toSorted((one, other) => (one.sourceKey < other.sourceKey ? -1 : 1))
      return {
        ...post,
        media: sorted.map((record) => ({ postId, postedAt, media: { ...record, file: undefined } })),
      }
    } catch (error) {
      const rejection = rejectionOf(error, bytes)
      return {
        ...post,
        media: [],
        ...(rejection.code === 'unknown_format' ? { isUnknown: true } : { rejection }),
      }
    }
  })
}

function halves<Post>(posts: readonly Post[]): [readonly Post[], readonly Post[]] | undefined {
  const middle = posts.length >> 1
  return middle === 0 ? undefined : [posts.slice(0, middle), posts.slice(middle)]
}

function refused([post]: readonly FoundPost[], error: unknown): FoundPost[] {
  if (!post || post.rejection) throw error
  return [{ ...post, media: [], rejection: refusalOf(error, Buffer.from(post.rawJson)) }]
}

async function store(db: Database, lease: Lease, posts: readonly FoundPost[]): Promise<void> {
  const items = posts.flatMap(({ media }) => media)
  const rejections = posts.flatMap(({ postId, rejection }) => (rejection ? [{ ...rejection, postId }] : []))
  await db.transaction(async (sql) => {
    const isDone = await advance(sql, lease, posts, {
      found: items.length,
      rejected: rejections.length,
      known: posts.filter((post) => !post.rejection && !post.isUnknown).length,
    })
    if (isDone) return
    const ids = posts.map(({ postId }) => postId)
    const { inserted, refreshed } = await storeMedia(sql, await withoutUnkeyed(sql, items, ids))
    await addMediaCounts(sql, [lease.id, inserted, refreshed])
    for (const { postId, pointer, code, reason, excerpt } of rejections) {
      await insertRejectedPost(sql, [lease.id, postId, pointer, code, reason, excerpt])
    }
  })
}

/** @returns true if these posts were already processed, by a transaction whose commit went unconfirmed */
async function advance(
  sql: Sql,
  lease: Lease,
  posts: readonly StoredPost[],
  counts: { found: number; rejected: number; known: number },
): Promise<boolean> {
  const { rows } = await selectPosition(sql, heldBy([lease]))
  if (!rows[0]) throw new LeaseLostError(lease.id)
  const last = posts.at(-1)!.postId
  if (rows[0].after === last) return true
  await updatePosition(sql, [lease.id, last, posts.length, counts.known, counts.rejected, counts.found])
  return false
}
