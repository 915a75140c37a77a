import type { Sql } from '@mediakeep/sql'
import { actorJson, actorName, type CustodyActor } from './actor.ts'
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

/** `log` and `keys`: the entry is about the log itself, or a key that signs it; `items`: about each of its items. */
export type CustodySubject = ItemSubject | 'log' | 'keys' | 'items'

export type ItemSubject = `media:${string}` | `content:${string}` | `post:${string}`

/** Part of an entry that reports the same of many files. Like `details`, it can never be erased. */
export interface CustodyItem extends JsonObject {
  readonly subject: ItemSubject
}

export interface CustodyEntry {
  readonly kind: CustodyKind
  readonly subject: CustodySubject
  /** Goes into the chain for ever: random ids, digests of bytes, numbers and codes only. */
  readonly details?: JsonObject
  /** Only with the subject `items`: the chain holds their Merkle root. At most `ITEMS_AN_ENTRY`. */
  readonly items?: readonly CustodyItem[]
  /** Everything else, such as URLs, names and texts: the chain holds a commitment, and the value can be erased. */
  readonly private?: Readonly<Record<string, string>>
}

/** Items that one entry holds at most, so that proving one of them needs few others. */
export const ITEMS_AN_ENTRY = 1000

/** Entries that report the same of any number of files. */
export function itemEntries(kind: CustodyKind, items: readonly CustodyItem[]): CustodyEntry[] {
  return Array.from({ length: Math.ceil(items.length / ITEMS_AN_ENTRY) }, (_, n) => ({
    kind,
    subject: 'items',
    items: items.slice(n * ITEMS_AN_ENTRY, (n + 1) * ITEMS_AN_ENTRY),
  }))
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
  const name = actorName(actor)
  const rows = name === undefined ? entries : entries.map((entry) => withActorName(entry, name))
  await insertEntries(sql, [actorJson(actor), JSON.stringify(rows)], { prepare: true })
}

/** People name tokens after themselves, so the name stays outside the chain. */
function withActorName(entry: CustodyEntry, name: string): CustodyEntry {
  return { ...entry, private: { ...entry.private, actorName: name } }
}
