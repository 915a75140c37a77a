import type { CustodyItem } from './append.ts'
import { canonicalJson, type JsonObject } from './canonical-json.ts'
import { domain, hex } from './digest.ts'
import type { EntryRecord } from './entry.ts'
import { merkleRoot } from './merkle.ts'

/** An item of an entry as it is stored beside the chain. */
export interface StoredItem {
  readonly number: number
  /** From 0, without gaps. */
  readonly position: number
  readonly subject: string
  /** The item as canonical JSON: the exact text that was hashed. */
  readonly item: string
}

const ITEM = domain('item')

export function storedItem(number: number, position: number, item: CustodyItem): StoredItem {
  return { number, position, subject: item.subject, item: canonicalJson(item) }
}

/** Summarises the items of an entry for the chain: their number and the Merkle root (RFC 6962) over their texts. */
export function itemsSummary(items: readonly StoredItem[]): JsonObject {
  const root = merkleRoot(items.map(({ item }) => Buffer.concat([ITEM, Buffer.from(item)])))
  return { items: items.length, root: hex(root) }
}

/** @returns what is wrong with the items beside an entry; undefined if they are what it commits to */
export function itemsProblem(
  { subject, details }: EntryRecord,
  items: readonly StoredItem[],
): string | undefined {
  if (subject !== 'items') return items.length === 0 ? undefined : 'has items beside it that it does not name'
  const summary = itemsSummary(items)
  if (details['items'] !== summary['items'])
    return `names ${JSON.stringify(details['items'])} items, and ${items.length} are beside it`
  if (details['root'] !== summary['root']) return 'has other items beside it than it commits to'
  const wrong = items.find((one, index) => one.position !== index || subjectOf(one) !== one.subject)
  return wrong && `has an item ${wrong.position} that is listed in a wrong place`
}

function subjectOf({ item }: StoredItem): unknown {
  return (JSON.parse(item) as JsonObject)['subject']
}
