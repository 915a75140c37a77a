import type { Sql } from '@mediakeep/sql'
import type { CustodyActor } from './actor.ts'
import { insertEntries } from './append.sql.ts'
import type { JsonObject } from './canonical-json.ts'

/** Everything that an entry can report. */
export type CustodyKind =
  | 'found'
  | 'fetched'
  | 'verified'
  | 'verification_failed'
  | 'archived'
  | 'restored'
  | 'evicted'
  | 'rejected'
  | 'unrejected'
  | 'analysed'
  | 'key_created'
  | 'key_rotated'
  | 'resumed'

/** `log` and `keys`: the entry is about the log itself, or a key that signs it. */
export type CustodySubject = `media:${string}` | `content:${string}` | `post:${string}` | 'log' | 'keys'

export interface CustodyEntry {
  readonly kind: CustodyKind
  readonly subject: CustodySubject
  /** Goes into the chain for ever: random ids, digests of bytes, numbers and codes only. */
  readonly details?: JsonObject
  /** Everything else, such as URLs, names and texts: the chain holds a commitment, and the value can be erased. */
  readonly private?: Readonly<Record<string, string>>
}

/**
 * Appends entries in the transaction of the change that they report. They get their numbers after the commit, so no
 * writer waits for another.
 */
export async function appendCustody(
  sql: Sql,
  actor: CustodyActor,
  entries: readonly CustodyEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const [who, name] = 'token' in actor ? [{ token: actor.token }, actor.name] : [actor, undefined]
  const rows = name === undefined ? entries : entries.map((entry) => withActorName(entry, name))
  await insertEntries(sql, [JSON.stringify(who), JSON.stringify(rows)], { prepare: true })
}

/** People name tokens after themselves, so the name stays outside the chain. */
function withActorName(entry: CustodyEntry, name: string): CustodyEntry {
  return { ...entry, private: { ...entry.private, actorName: name } }
}
