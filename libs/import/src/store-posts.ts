import { newId } from '@mediakeep/ids'
import type { Sql } from '@mediakeep/sql'
import type { PostRecord } from './post-record.ts'

/** Never within JSON: a control character stands there escaped, or the JSON is invalid. */
const SEPARATOR = Buffer.of(1)

/** Sent as it is, in UTF-8: no string is made of it, and nothing in it is escaped. */
function joinJson(posts: readonly PostRecord[]): Buffer {
  return Buffer.concat(posts.flatMap(({ rawJson }, n) => (n === 0 ? [rawJson] : [SEPARATOR, rawJson])))
}

export interface StoredPosts {
  /** Post ids by urn. */
  readonly ids: ReadonlyMap<string, string>
  /** Urns of the posts that were not there before. */
  readonly fresh: ReadonlySet<string>
}

/**
 * Adds the posts that are not there yet; a known one stays as it is.
 *
 * @param posts sorted by urn, each once: two imports of the same posts then lock them in one order
 */
export async function storePosts(sql: Sql, posts: readonly PostRecord[]): Promise<StoredPosts> {
  const ids = await findPosts(sql, posts)
  const missing = posts.filter(({ urn }) => !ids.has(urn))
  const fresh = await insertPosts(sql, missing)
  for (const [urn, id] of fresh) ids.set(urn, id)
  // Another import was faster with these; its transaction has ended, so they are visible now.
  const lost = missing.filter(({ urn }) => !ids.has(urn))
  for (const [urn, id] of await findPosts(sql, lost)) ids.set(urn, id)
  return { ids, fresh: new Set(fresh.keys()) }
}

async function findPosts(sql: Sql, posts: readonly PostRecord[]): Promise<Map<string, string>> {
  if (posts.length === 0) return new Map()
  const { rows } = await sql.query<{ urn: string; post_id: string }>(
    'SELECT urn, post_id FROM public.posts WHERE urn = ANY($1)',
    [posts.map(({ urn }) => urn)],
  )
  return new Map(rows.map((row) => [row.urn, row.post_id]))
}

async function insertPosts(sql: Sql, posts: readonly PostRecord[]): Promise<Map<string, string>> {
  if (posts.length === 0) return new Map()
  const { rows } = await sql.query<{ urn: string; post_id: string }>(
    `INSERT INTO public.posts (post_id, urn, full_urn, platform, posted_at_timestamp, author_username,
       text_content, post_type, url, raw_json, first_seen_at)
     SELECT i.*, now() FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
       $7::text[], $8::text[], $9::text[], string_to_array($10::text, E'\\x01')) i
     ON CONFLICT (urn) DO NOTHING RETURNING urn, post_id`,
    [
      posts.map(() => newId('p')),
      posts.map((post) => post.urn),
      posts.map((post) => post.fullUrn),
      posts.map((post) => post.platform),
      posts.map((post) => post.postedAt),
      posts.map((post) => post.authorUsername),
      posts.map((post) => post.text),
      posts.map((post) => post.postType),
      posts.map((post) => post.url),
      joinJson(posts),
    ],
  )
  return new Map(rows.map((row) => [row.urn, row.post_id]))
}

export interface SnapshotSource {
  readonly runId: string
  readonly path: string
}

/** Adds an engagement snapshot for each post, one a run. */
export async function storeSnapshots(
  sql: Sql,
  posts: readonly PostRecord[],
  stored: StoredPosts,
  source: SnapshotSource,
): Promise<void> {
  const { ids, fresh } = stored
  const [added, known] = [
    posts.filter(({ urn }) => fresh.has(urn)),
    posts.filter(({ urn }) => !fresh.has(urn)),
  ]
  const facts = (some: readonly PostRecord[]): unknown[] => [
    some.map(() => newId('dl')),
    some.map(({ urn }) => ids.get(urn)),
    some.map((post) => post.totalReactions ?? 0),
    some.map((post) => post.statsJson),
    source.runId,
    source.path,
  ]
  // The JSON of a post just added is copied within the database, compressed as it is.
  if (added.length > 0) {
    await sql.query(
      `${INSERT_SNAPSHOTS}
       SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, p.raw_json
       FROM ${SNAPSHOTS} JOIN public.posts p USING (post_id)`,
      facts(added),
    )
  }
  if (known.length > 0) {
    // OFFSET 0 keeps it a look-up by post: as a join, a plan made before the run had rows would read all of them.
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
