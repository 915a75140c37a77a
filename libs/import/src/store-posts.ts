import { newId } from '@mediakeep/ids'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import { findPosts, type FoundPosts } from './find-posts.ts'
import { postFindings } from './post-findings.ts'
import type { PostRecord } from './post-record.ts'
import { insertNewPosts, insertSnapshotsOfKnown, insertSnapshotsOfNew } from './store-posts.sql.ts'

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
  const { rows } = await insertNewPosts(sql, [
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
    posts.map(({ author }) => author?.displayName),
    posts.map(({ author }) => author?.id),
    posts.map(({ language }) => language),
    posts.map(({ links }) => jsonOf(links)),
    posts.map((post) => jsonOf(postFindings(post))),
  ])
  return new Map(rows.map((row) => [keys.get(row.post_id)!, row.post_id]))
}

function jsonOf(list: readonly object[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(list) : undefined
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
  const facts = (some: readonly PostRecord[]) =>
    [
      some.map(() => newId('dl')),
      some.map(({ key }) => ids.get(key)),
      some.map((post) => post.totalReactions ?? 0),
      some.map((post) => post.statsJson),
      source.runId,
      source.path,
    ] as const
  // The JSON of a newly added post is copied within the database, still compressed.
  if (added.length > 0) await insertSnapshotsOfNew(sql, facts(added))
  if (known.length > 0) await insertSnapshotsOfKnown(sql, [...facts(known), joinJson(known)])
}
