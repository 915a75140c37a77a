import type { Sql } from '@mediakeep/sql'
import { findEarlierUrls, type EarlierUrl } from './earlier-urls.ts'
import { selectNamedRows, selectRowsOfUrls } from './adopt-match.sql.ts'

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
  const { rows } = await selectNamedRows(sql, [names])
  return rows
}

async function rowsOfUrls(sql: Sql, urls: readonly EarlierUrl[]): Promise<NamedRow[]> {
  const { rows } = await selectRowsOfUrls(sql, [
    urls.map(({ name }) => name),
    urls.map(({ postId }) => postId),
    urls.map(({ sourceKey }) => sourceKey),
  ])
  return rows
}
