import { importChange } from '@mediakeep/events'
import { heldBy, type Lease } from '@mediakeep/lease'
import { storeCandidates } from '@mediakeep/media'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Database, Sql } from '@mediakeep/sql'
import { storeFiles, withFiles, type BatchFiles } from './batch-files.ts'
import type { Batch, Position } from './batches.ts'
import { mergeBySource } from './media-record.ts'
import type { PostRecord, Rejection } from './post-record.ts'
import { importQueue, LeaseLostError } from './queue.ts'
import { addCounts, countsOf, NEXT_MEMBER } from './run-options.ts'
import { storeMedia, type MediaCounts, type PostMedia } from './store-media.ts'
import { storePosts, storeSnapshots, type StoredPosts } from './store-posts.ts'
import { withoutUnkeyed } from './unkeyed-media.ts'

/**
 * Stores a batch in one transaction, with the run's new position and counters. Skips a batch that was already stored
 * (its commit went unconfirmed).
 *
 * @throws LeaseLostError
 */
export async function storeBatch(
  db: Database,
  lease: Lease,
  batch: Batch,
  { formats, files }: { readonly formats: readonly SourceFormat[]; readonly files?: BatchFiles | undefined },
): Promise<void> {
  await db.transaction(async (sql) => {
    if (await isStored(sql, lease, batch)) return
    const posts = distinctPosts(batch)
    const stored = await storePosts(sql, posts, formats)
    await storeSnapshots(sql, posts, stored, { runId: lease.id, path: batch.path })
    const items = withFiles(mediaOf(posts, stored), files)
    const known = posts.filter(({ key }) => !stored.fresh.has(key)).map(({ key }) => stored.ids.get(key)!)
    const keyed = await withoutUnkeyed(sql, items, known)
    const { inserted, refreshed } = await storeMedia(sql, keyed)
    await storeCandidates(
      sql,
      keyed.flatMap(({ postId, media: { sourceKey, candidates } }) =>
        candidates.length > 1 ? [{ postId, sourceKey, candidates }] : [],
      ),
    )
    const reopened = await storeFiles(sql, keyed, files)
    const media = { inserted, refreshed: refreshed + reopened }
    await storeRejections(sql, lease.id, batch)
    await advance(sql, lease.id, batch, { posts: stored.fresh.size, found: items.length, media })
  })
}

/** Locks the run, so that a holder that lost its lease writes nothing. */
async function isStored(sql: Sql, lease: Lease, { from, to }: Batch): Promise<boolean> {
  const { rows } = await sql.query<Stored>(
    `SELECT next_file, next_post, ${NEXT_MEMBER} AS next_member FROM mediakeep.import_runs q WHERE ${importQueue.held('q', 1)} FOR NO KEY UPDATE`,
    heldBy([lease]),
  )
  const run = rows[0]
  if (!run) throw new LeaseLostError(lease.id)
  const isAt = ({ file, member, post }: Position): boolean =>
    run.next_file === file && run.next_member === member && run.next_post === post
  if (isAt(from)) return false
  if (isAt(to)) return true
  const now = [run.next_file, run.next_member, run.next_post].join('/')
  throw new Error(`Run ${lease.id} is at ${now}, not at ${[from.file, from.member, from.post].join('/')}`)
}

interface Stored {
  readonly next_file: number
  readonly next_member: number
  readonly next_post: number
}

/** Merges duplicates of a post, with their names and media. Sorts by identity, so that imports lock in one order. */
function distinctPosts(batch: Batch): PostRecord[] {
  const posts = batch.items.flatMap((item) => ('post' in item ? [item.post] : []))
  return [...Map.groupBy(posts, ({ key }) => key).values()]
    .map(mergePosts)
    .sort((one, other) => compare(one.identity, other.identity))
}

function mergePosts(posts: readonly PostRecord[]): PostRecord {
  const [first, ...others] = posts
  if (others.length === 0) return first!
  return {
    ...first!,
    urns: [...new Set(posts.flatMap(({ urns }) => urns))],
    ownUrns: [...new Set(posts.flatMap(({ ownUrns }) => ownUrns))],
    foreignUrns: [...new Set(posts.flatMap(({ foreignUrns }) => foreignUrns))],
    media: posts.flatMap(({ media }) => media),
  }
}

function mediaOf(posts: readonly PostRecord[], { ids }: StoredPosts): PostMedia[] {
  return posts.flatMap((post) =>
    mergeBySource(post.media)
      .sort((one, other) => compare(one.sourceKey, other.sourceKey))
      .map((media) => ({ postId: ids.get(post.key)!, postedAt: post.postedAt, media })),
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

async function storeRejections(sql: Sql, runId: string, batch: Batch): Promise<void> {
  const rejected = batch.items.flatMap((item) =>
    'rejection' in item ? [{ ...item.rejection, index: item.index }] : [],
  )
  if (rejected.length === 0) return
  const column = (name: keyof Rejection): string[] => rejected.map((rejection) => rejection[name])
  await sql.query(
    `INSERT INTO mediakeep.rejected_posts (run_id, file, post_index, pointer, code, reason, excerpt)
     SELECT $1, $2, i.* FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) i
     ON CONFLICT DO NOTHING`,
    [
      runId,
      batch.path,
      rejected.map(({ index }) => index),
      ...(['pointer', 'code', 'reason', 'excerpt'] as const).map(column),
    ],
  )
}

async function advance(
  sql: Sql,
  runId: string,
  batch: Batch,
  counts: { posts: number; found: number; media: MediaCounts },
): Promise<void> {
  const skipped = batch.items.flatMap((item) => ('skipped' in item ? [item.skipped] : []))
  const processed = batch.items.length - skipped.length
  const rejected = batch.items.filter((item) => 'rejection' in item).length
  const known = processed - rejected - counts.posts
  await sql.query(
    `WITH run AS (
       UPDATE mediakeep.import_runs SET import_deaths = 1, import_attempts = 0, next_file = $2, next_post = $3,
         bytes_read = $4,
         posts_processed = posts_processed + $5, posts_new = posts_new + $6, posts_known = posts_known + $7,
         posts_rejected = posts_rejected + $8, media_found = media_found + $9, media_new = media_new + $10,
         media_refreshed = media_refreshed + $11,
         options = options || jsonb_build_object('member', $13::integer)
           || ${addCounts('skipped', '$14::jsonb')} || ${addCounts('formats', '$15::jsonb')}
       WHERE run_id = $1 RETURNING *),
     download AS (
       UPDATE public.download_runs SET posts_fetched = posts_fetched + $5, posts_new = posts_new + $6,
         posts_updated = posts_updated + $7, error_message = nullif(concat_ws('; ', error_message, $12::text), '')
       WHERE run_id = $1 RETURNING *)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'import', jsonb_build_array(${importChange('run', 'download')}) FROM run, download`,
    [
      runId,
      batch.to.file,
      batch.to.post,
      batch.bytesRead,
      processed,
      counts.posts,
      known,
      rejected,
      counts.found,
      counts.media.inserted,
      counts.media.refreshed,
      batch.fileError,
      batch.to.member,
      JSON.stringify(countsOf(skipped)),
      JSON.stringify(countsOf(batch.items.flatMap((item) => ('post' in item ? [item.post.format] : [])))),
    ],
  )
}
