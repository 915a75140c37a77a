import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import type { PostRecord } from './post-record.ts'
import { keyOf } from './post-names.ts'
import { readStoredKeys } from './stored-keys.ts'

export interface FoundPosts {
  /** Post ids by post key. */
  readonly ids: ReadonlyMap<string, string>
  /** Urns of the posts that rows already have, even if the row is a different post. */
  readonly taken: ReadonlySet<string>
  /** Keys whose source id a row already has, even if that row is a different post now. */
  readonly held: ReadonlySet<string>
}

interface Row {
  readonly post_id: string
  readonly urn: string
  readonly full_urn: string | null
  readonly source_id: string | null
  readonly platform: string
  /** Length of the stored JSON. */
  readonly bytes: number
}

interface Candidate {
  readonly post: PostRecord
  readonly row: Row
  /** Index into the post's urns: the row with the preferred one wins. */
  readonly rank: number
  /** The row's urn means this post and no other. */
  readonly isOwn: boolean
}

const MAX_BYTES = 8 * 1024 * 1024

/**
 * Finds stored posts, written by any program under any of their urns. A row counts only if its stored JSON has
 * the identity of the post: a repost may be stored under the urn of its original.
 */
export async function findPosts(
  sql: Sql,
  posts: readonly PostRecord[],
  formats: readonly SourceFormat[],
): Promise<FoundPosts> {
  const byUrn = await selectRows(sql, 'urn', posts)
  const ids = await confirm(sql, candidates(posts, byUrn, 'urn'), formats)
  // Many reposts may share a full_urn: those rows are read only for posts not found by urn.
  const missing = posts.filter(({ key }) => !ids.has(key))
  const seen = new Set(byUrn.map((row) => row.post_id))
  const byFullUrn = (await selectRows(sql, 'full_urn', missing)).filter((row) => !seen.has(row.post_id))
  const others = await confirm(sql, candidates(missing, byFullUrn, 'full_urn'), formats)
  // A post with fewer names than the stored one may share no urn with its row.
  const unnamed = missing.filter(({ key }) => !others.has(key))
  const bySource = await selectRows(sql, 'source_id', unnamed)
  const sources = await confirm(sql, candidates(unnamed, bySource, 'source_id'), formats)
  return {
    ids: new Map([...ids, ...others, ...sources]),
    taken: new Set(byUrn.map((row) => row.urn)),
    held: new Set(bySource.map((row) => keyOf(row.platform, row.source_id!))),
  }
}

type Column = 'urn' | 'full_urn' | 'source_id'

/** The column values that may mean the post, best first. */
function valuesOf(post: PostRecord, column: Column): readonly string[] {
  return column === 'source_id' ? [post.identity] : [...post.ownUrns, ...post.foreignUrns]
}

async function selectRows(sql: Sql, column: Column, posts: readonly PostRecord[]): Promise<Row[]> {
  if (posts.length === 0) return []
  const values = new Set(posts.flatMap((post) => valuesOf(post, column)))
  // OFFSET 0 forces an index look-up for each value. With "= ANY", the planner would read a whole table that was never
  // analysed: it guesses that every value fits many rows.
  const { rows } = await sql.query<Row>(
    `SELECT found.* FROM unnest($1::text[]) given (value) CROSS JOIN LATERAL (
       SELECT p.post_id, p.urn, p.full_urn, p.source_id, coalesce(p.platform, 'linkedin') AS platform,
         coalesce(octet_length(p.raw_json), 0) AS bytes
       FROM public.posts p WHERE p.${column} = given.value OFFSET 0) found`,
    [[...values]],
  )
  return rows
}

/** Pairs each row with each post that it may be, best first. */
function candidates(posts: readonly PostRecord[], rows: readonly Row[], column: Column): Candidate[] {
  const rowsByValue = Map.groupBy(rows, (row) => row[column])
  return posts
    .flatMap((post) =>
      valuesOf(post, column).flatMap((value, rank) =>
        (rowsByValue.get(value) ?? [])
          .filter((row) => row.platform === post.platform)
          .map((row) => ({ post, row, rank, isOwn: rank < post.ownUrns.length })),
      ),
    )
    .sort((one, other) => one.rank - other.rank)
}

/** Compares the stored JSON of the rows with the posts. A row with unreadable JSON is matched by its urn. */
async function confirm(
  sql: Sql,
  all: readonly Candidate[],
  formats: readonly SourceFormat[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const unproven = new Map<string, string>()
  const add = (to: Map<string, string>, { post, row }: Candidate): void => {
    if (!to.has(post.key)) to.set(post.key, row.post_id)
  }
  for (let open = all; open.length > 0;) {
    const keys = await readStoredKeys(sql, fitting(open), formats)
    for (const candidate of open) {
      const { post, row, isOwn } = candidate
      if (!keys.has(row.post_id)) continue
      const key = keys.get(row.post_id)
      if (key === post.key) add(ids, candidate)
      else if (key === undefined && isOwn) add(unproven, candidate)
    }
    open = open.filter(({ post, row }) => !keys.has(row.post_id) && !ids.has(post.key))
  }
  return new Map([...unproven, ...ids])
}

/** Returns as many rows as fit into memory: the JSON of one may be 16 MiB. */
function fitting(open: readonly Candidate[]): string[] {
  const chosen = new Set<string>()
  let bytes = 0
  for (const { row } of open) {
    if (chosen.has(row.post_id)) continue
    bytes += row.bytes
    if (bytes > MAX_BYTES && chosen.size > 0) break
    chosen.add(row.post_id)
  }
  return [...chosen]
}
