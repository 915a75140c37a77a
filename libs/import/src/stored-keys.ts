import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import { parsePost } from './parse-post.ts'
import { keyOf } from './post-names.ts'
import { readStored } from './post-record.ts'
import { selectRawJson } from './stored-keys.sql.ts'

/**
 * Reads the identity of each stored post from its JSON.
 *
 * @returns a key for every id; undefined if the JSON is missing or no format can read it
 */
export async function readStoredKeys(
  sql: Sql,
  postIds: readonly string[],
  formats: readonly SourceFormat[],
): Promise<Map<string, string | undefined>> {
  const { rows } = await selectRawJson(sql, [postIds])
  const keys = new Map(rows.map((row) => [row.post_id, keyOfJson(row.raw_json, formats)]))
  // A row may be deleted in the meantime.
  return new Map(postIds.map((id) => [id, keys.has(id) ? keys.get(id) : DELETED]))
}

/** Differs from every post's key. */
const DELETED = ''

function keyOfJson(rawJson: string | null, formats: readonly SourceFormat[]): string | undefined {
  const stored = rawJson === null ? undefined : readStoredIdentity(rawJson, formats)
  return stored && keyOf(stored.platform, stored.identity)
}

export interface StoredIdentity {
  readonly platform: string
  readonly identity: string
}

/** Reads a post's identity from its stored JSON; undefined if no format can read it. */
export function readStoredIdentity(
  rawJson: string,
  formats: readonly SourceFormat[],
): StoredIdentity | undefined {
  try {
    const bytes = Buffer.from(rawJson)
    const json = parsePost({ bytes, index: 0, offset: 0, problem: undefined })
    const { platform, post } = readStored(json, formats)
    return { platform, identity: post.identity ?? post.urn }
  } catch {
    return undefined
  }
}
