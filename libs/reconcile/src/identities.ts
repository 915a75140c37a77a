import type { Sql } from '@mediakeep/sql'

export interface PostIdentity {
  readonly platform: string
  readonly identity: string
}

/** Reads a post's identity from its stored JSON; undefined if the JSON does not contain it. */
export type ReadPostIdentity = (rawJson: string) => PostIdentity | undefined

export interface IdentityBatch {
  /** Last post id processed; undefined when there was none. */
  readonly last: string | undefined
  /** Posts that received their source id. */
  readonly identified: number
}

const MAX_BYTES = 8 * 1024 * 1024

/**
 * Fills `posts.source_id` in rows added by other writers. If two rows are the same post, only the first gets it: it is
 * unique, and the import finds posts by it. Reads every row once, whatever its JSON contains.
 */
export async function reconcileIdentities(
  sql: Sql,
  after: string,
  limit: number,
  readIdentity: ReadPostIdentity,
): Promise<IdentityBatch> {
  const { rows } = await sql.query<{ id: string; rawJson: string; platform: string }>(
    // The JSON of one post may be 16 MiB, so bytes limit a batch too. It always includes its first row.
    `WITH unread AS MATERIALIZED (
       SELECT post_id, coalesce(octet_length(raw_json), 0) AS bytes FROM public.posts
       WHERE identified_at IS NULL AND raw_json IS NOT NULL AND post_id > $1
       ORDER BY post_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED),
     fitting AS (
       SELECT post_id FROM (SELECT post_id, sum(bytes) OVER (ORDER BY post_id) - bytes AS before FROM unread) s
       WHERE before < $3)
     SELECT p.post_id AS id, p.raw_json AS "rawJson", coalesce(p.platform, 'linkedin') AS platform
     FROM fitting JOIN public.posts p USING (post_id) ORDER BY p.post_id`,
    [after, limit, MAX_BYTES],
  )
  if (rows.length === 0) return { last: undefined, identified: 0 }
  const sourceIds = rows.map(({ rawJson, platform }) => {
    const read = readIdentity(rawJson)
    return read?.platform === platform ? read.identity : null
  })
  const { rows: counted } = await sql.query<{ identified: number }>(
    `WITH read AS (
       SELECT i.post_id, i.source_id, row_number() OVER (PARTITION BY i.platform, i.source_id ORDER BY i.post_id) AS n,
         EXISTS (SELECT FROM public.posts o WHERE o.source_id = i.source_id
           AND coalesce(o.platform, 'linkedin') = i.platform) AS is_held
       FROM unnest($1::text[], $2::text[], $3::text[]) i (post_id, source_id, platform)),
     written AS (
       UPDATE public.posts p SET identified_at = now(),
         source_id = CASE WHEN read.n = 1 AND NOT read.is_held THEN read.source_id END
       FROM read WHERE p.post_id = read.post_id RETURNING p.source_id)
     SELECT count(source_id)::int AS identified FROM written`,
    [rows.map(({ id }) => id), sourceIds, rows.map(({ platform }) => platform)],
  )
  return { last: rows.at(-1)!.id, identified: counted[0]!.identified }
}
