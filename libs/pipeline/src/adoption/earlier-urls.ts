import { hash } from 'node:crypto'
import { InvalidMediaUrlError, readMediaUrl } from '@mediakeep/media-url'
import { unescapeUrl } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'

/** A file name that is the MD5 of a URL in a post, and the source key of that URL. */
export interface EarlierUrl {
  readonly name: string
  readonly postId: string
  readonly sourceKey: string
}

interface StoredJson {
  readonly id: string
  readonly postId: string
  readonly rawJson: string
}

/** Posts hold the JSON of one import, `data_downloads` the JSON of each. */
const TABLES = [
  { table: 'public.posts', id: 'post_id' },
  { table: 'public.data_downloads', id: 'download_id' },
] as const
const MAX_ROWS = 500
const MAX_BYTES = 8 * 1024 * 1024

/**
 * Finds the URLs in the stored JSON of all posts whose MD5 is one of the names, in batches. A media row has only the
 * URL of the newest import, so earlier ones are found only in the JSON. Needs no source format: every text that is a
 * URL counts, as stored and with its HTML entities replaced.
 */
export async function* findEarlierUrls(
  sql: Sql,
  names: ReadonlySet<string>,
  signal?: AbortSignal,
): AsyncGenerator<EarlierUrl[], void, undefined> {
  for (const { table, id } of TABLES) {
    for (let after: string | undefined = ''; after !== undefined;) {
      signal?.throwIfAborted()
      const rows: StoredJson[] = await readJson(sql, table, id, after)
      const found = rows.flatMap((row) => earlierUrls(row, names))
      if (found.length > 0) yield found
      after = rows.at(-1)?.id
    }
  }
}

/** Reads as many rows as fit into memory: the JSON of one post may be 16 MiB. The first always fits. */
async function readJson(sql: Sql, table: string, id: string, after: string): Promise<StoredJson[]> {
  const { rows } = await sql.query<StoredJson>(
    `WITH next AS MATERIALIZED (
       SELECT ${id} AS id, octet_length(raw_json) AS bytes FROM ${table}
       WHERE raw_json IS NOT NULL AND ${id} > $1 ORDER BY ${id} LIMIT $2),
     fitting AS (
       SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS before FROM next) s WHERE before < $3)
     SELECT f.id, t.post_id AS "postId", t.raw_json AS "rawJson"
     FROM fitting f JOIN ${table} t ON t.${id} = f.id ORDER BY f.id`,
    [after, MAX_ROWS, MAX_BYTES],
  )
  return rows
}

function earlierUrls({ postId, rawJson }: StoredJson, names: ReadonlySet<string>): EarlierUrl[] {
  return urlsIn(rawJson).flatMap((url) => {
    const meant = unescapeUrl(url)
    const named = [...new Set([url, meant])].map((form) => hash('md5', form)).filter((md5) => names.has(md5))
    const sourceKey = named.length > 0 ? keyOf(meant) : undefined
    return sourceKey === undefined ? [] : named.map((name) => ({ name, postId, sourceKey }))
  })
}

/** Every text in the JSON that looks like a URL; none if it is not valid JSON. */
function urlsIn(rawJson: string): string[] {
  const urls = new Set<string>()
  const open: unknown[] = []
  try {
    open.push(JSON.parse(rawJson))
  } catch {
    return []
  }
  // Not recursive: other tools may have stored JSON that is nested too deeply for the stack.
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') {
      if (/^\s*(?:https?:)?\/\/[^/\s]/i.test(value)) urls.add(value)
    } else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) open.push(inner)
    }
  }
  return [...urls]
}

function keyOf(url: string): string | undefined {
  try {
    return readMediaUrl(url).sourceKey
  } catch (error) {
    if (error instanceof InvalidMediaUrlError) return undefined
    throw error
  }
}
