import { newId } from '@mediakeep/ids'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import { findPosts, type FoundPosts } from './find-posts.ts'
import type { PostRecord } from './post-record.ts'

/** Never occurs within JSON: a control character is escaped there, or the JSON is invalid. */
const SEPARATOR = Buffer.of(1)

/** Sent as is, in UTF-8: no string is created and nothing is escaped. */
function joinJson(posts: readonly PostRecord[]): Buffer {
  return Buffer.concat(posts.flatMap(({ rawJson }, n) => (n === 0 ? [rawJson] : [SEPARATOR, rawJson])))
}

export interface StoredPosts {
  /** Post ids by post key. */
  readonly ids: ReadonlyMap<string, string>
  /** Keys of newly added posts. */
  readonly fresh: ReadonlySet<string>
}

/** Other posts hold every urn that the post may take. */
export class UrnTakenError extends Error {
  override readonly name = 'UrnTakenError'
  readonly code = 'urn_taken'
}

/**
 * Adds missing posts; known ones stay unchanged.
 *
 * @param posts sorted by identity, without duplicates: concurrent imports then lock them in one order
 * @throws UrnTakenError
 */
export async function storePosts(
  sql: Sql,
  posts: readonly PostRecord[],
  formats: readonly SourceFormat[],
): Promise<StoredPosts> {
  const ids = new Map<string, string>()
  const fresh = new Set<string>()
  // A row that another program adds meanwhile shows in the next round: it is the post, or has taken its urn.
  for (let missing = posts; missing.length > 0; missing = missing.filter(({ key }) => !ids.has(key))) {
    const found = await findPosts(sql, missing, formats)
    for (const [key, id] of found.ids) ids.set(key, id)
    const added = await insertPosts(
      sql,
      missing
        .filter(({ key }) => !ids.has(key))
        .map((post) => ({
          ...post,
          urn: freeUrn(post, found),
          sourceId: found.held.has(post.key) ? null : post.identity,
        })),
    )
    for (const [key, id] of added) {
      ids.set(key, id)
      fresh.add(key)
    }
  }
  return { ids, fresh }
}

function freeUrn({ urns }: PostRecord, { taken }: FoundPosts): string {
  const free = urns.find((urn) => !taken.has(urn))
  if (free === undefined) throw new UrnTakenError(`other posts are stored under ${urns.join(', ')}`)
  return free
}

async function insertPosts(
  sql: Sql,
  posts: readonly (PostRecord & { readonly urn: string; readonly sourceId: string | null })[],
): Promise<Map<string, string>> {
  if (posts.length === 0) return new Map()
  const keys = new Map(posts.map((post) => [newId('p'), post.key]))
  const { rows } = await sql.query<{ post_id: string }>(
    `INSERT INTO public.posts (post_id, urn, full_urn, platform, posted_at_timestamp, author_username,
       text_content, post_type, url, source_id, raw_json, identified_at, first_seen_at)
     SELECT i.*, now(), now() FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
       $7::text[], $8::text[], $9::text[], $10::text[], string_to_array($11::text, E'\\x01')) i
     ON CONFLICT DO NOTHING RETURNING post_id`,
    [
      [...keys.keys()],
      posts.map((post) => post.urn),
      posts.map((post) => post.fullUrn),
      posts.map((post) => post.platform),
      posts.map((post) => post.postedAt),
      posts.map((post) => post.authorUsername),
      posts.map((post) => post.text),
      posts.map((post) => post.postType),
      posts.map((post) => post.url),
      posts.map((post) => post.sourceId),
      joinJson(posts),
    ],
  )
  return new Map(rows.map((row) => [keys.get(row.post_id)!, row.post_id]))
}

export interface SnapshotSource {
  readonly runId: string
  readonly path: string
}

/** Adds an engagement snapshot for each post, one per run. */
export async function storeSnapshots(
  sql: Sql,
  posts: readonly PostRecord[],
  stored: StoredPosts,
  source: SnapshotSource,
): Promise<void> {
  const { ids, fresh } = stored
  const [added, known] = [
    posts.filter(({ key }) => fresh.has(key)),
    posts.filter(({ key }) => !fresh.has(key)),
  ]
  const facts = (some: readonly PostRecord[]): unknown[] => [
    some.map(() => newId('dl')),
    some.map(({ key }) => ids.get(key)),
    some.map((post) => post.totalReactions ?? 0),
    some.map((post) => post.statsJson),
    source.runId,
    source.path,
  ]
  // The JSON of a newly added post is copied within the database, still compressed.
  if (added.length > 0) {
    await sql.query(
      `${INSERT_SNAPSHOTS}
       SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, p.raw_json
       FROM ${SNAPSHOTS} JOIN public.posts p USING (post_id)`,
      facts(added),
    )
  }
  if (known.length > 0) {
    // OFFSET 0 forces a look-up by post: as a join, a plan made before the run had rows would read all of them.
    await sql.query(
      `${INSERT_SNAPSHOTS}
       SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, j.raw_json
       FROM ${SNAPSHOTS} JOIN unnest(string_to_array($7::text, E'\\x01')) WITH ORDINALITY j (raw_json, n) USING (n)
       WHERE NOT EXISTS (SELECT FROM public.data_downloads d
         WHERE d.post_id = i.post_id AND d.run_id = $5 OFFSET 0)`,
      [...facts(known), joinJson(known)],
    )
  }
}

const INSERT_SNAPSHOTS = `INSERT INTO public.data_downloads (download_id, post_id, run_id, downloaded_at,
  total_reactions, stats_json, source_file_path, raw_json)`
const SNAPSHOTS = `unnest($1::text[], $2::text[], $3::integer[], $4::text[])
  WITH ORDINALITY i (download_id, post_id, total_reactions, stats_json, n)`
