import type { Sql } from '@mediakeep/sql'
import { findEarlierUrls, type EarlierUrl } from './earlier-urls.ts'

/** A row matched by a file's name. */
export interface MatchedRow {
  readonly mediaId: string
  /** Null while the row has no MD5 of its content. */
  readonly md5: string | null
  readonly sha256: string | null
}

type NamedRow = MatchedRow & { readonly name: string }

/**
 * Finds the rows that old file names refer to: by the MD5 of a URL (current, before a merge, or from an earlier import
 * of the post), by the MD5 of the content, or by the name in `local_file_path`. Reads all rows and the stored JSON of
 * all posts once, for any number of names.
 */
export async function matchNames(
  sql: Sql,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, MatchedRow[]>> {
  if (names.length === 0) return new Map()
  const found = await matchRows(sql, names)
  for await (const urls of findEarlierUrls(sql, new Set(names), signal)) {
    found.push(...(await rowsOfUrls(sql, urls)))
  }
  const unique = new Map(found.map((row) => [`${row.name} ${row.mediaId}`, row]))
  return Map.groupBy(unique.values(), (row) => row.name)
}

/** The older tool may have named a file by its URL with HTML entities, which reconciling has since replaced. */
async function matchRows(sql: Sql, names: readonly string[]): Promise<NamedRow[]> {
  const { rows } = await sql.query<NamedRow>(
    `WITH names AS (SELECT DISTINCT name FROM unnest($1::text[]) AS n (name)),
     meant AS (
       SELECT names.name, m.media_id FROM public.post_media m
       CROSS JOIN LATERAL (VALUES (md5(m.media_url)), (md5(replace(m.media_url, '&', '&amp;'))), (m.md5_sum),
         (lower(substring(m.local_file_path FROM '([0-9A-Fa-f]{32})\\.[^./]*$')))) AS v (name)
       JOIN names ON names.name = v.name
       UNION
       SELECT names.name, g.survivor_id FROM mediakeep.merged_media g
       JOIN names ON names.name = md5(g.merged_row ->> 'media_url'))
     SELECT meant.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
     FROM meant JOIN public.post_media m USING (media_id)`,
    [names],
  )
  return rows
}

async function rowsOfUrls(sql: Sql, urls: readonly EarlierUrl[]): Promise<NamedRow[]> {
  const { rows } = await sql.query<NamedRow>(
    `SELECT u.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
     FROM unnest($1::text[], $2::text[], $3::text[]) u (name, post_id, source_key)
     JOIN public.post_media m ON m.post_id = u.post_id AND m.source_key = u.source_key`,
    [urls.map(({ name }) => name), urls.map(({ postId }) => postId), urls.map(({ sourceKey }) => sourceKey)],
  )
  return rows
}
