import type { Sql } from '@mediakeep/sql'
import { selectUnread, updateIdentities } from './identities.sql.ts'

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
  const { rows } = await selectUnread(sql, [after, limit, MAX_BYTES])
  if (rows.length === 0) return { last: undefined, identified: 0 }
  const sourceIds = rows.map(({ rawJson, platform }) => {
    const read = readIdentity(rawJson)
    return read?.platform === platform ? read.identity : null
  })
  const { rows: counted } = await updateIdentities(sql, [
    rows.map(({ id }) => id),
    sourceIds,
    rows.map(({ platform }) => platform),
  ])
  return { last: rows.at(-1)!.id, identified: counted[0]!.identified }
}
