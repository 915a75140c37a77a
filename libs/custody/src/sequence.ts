import { renewEpoch } from '@mediakeep/events'
import type { Sql } from '@mediakeep/sql'
import type { CustodyItem } from './append.ts'
import { commitmentTo, newSalt } from './commitment.ts'
import { hex } from './digest.ts'
import { chainEntry, parseRecord, type ChainedEntry, type EntryRecord } from './entry.ts'
import { itemsSummary, storedItem, type StoredItem } from './items.ts'
import { createPartition, moveEntries, selectHead, selectInbox } from './sequence.sql.ts'

const ENTRIES_A_ROUND = 1000
/** Limits the memory of a round. */
const ITEM_BYTES_A_ROUND = 1_048_576
/** Partitions are created this many numbers before they are needed. */
const AHEAD = 1_000_000

interface Head {
  readonly number: number
  readonly hash: Uint8Array
  readonly epoch: string
  readonly now: string
  /** The last entry; null in an empty log. */
  readonly payload: string | null
  readonly hasRoom: boolean
}

interface InboxEntry extends Pick<EntryRecord, 'at' | 'kind' | 'subject' | 'actor' | 'details'> {
  readonly entryId: number
  readonly private: Readonly<Record<string, string>>
  readonly items: readonly CustodyItem[] | null
}

interface KeptValue {
  readonly number: number
  readonly name: string
  readonly salt: Uint8Array
  readonly value: string
}

/**
 * Numbers and chains everything committed so far. Entries of open transactions are not visible and delay nothing. Any
 * number of processes may do so at once: each round is one statement that succeeds for one of them, so a process that
 * dies leaves either the whole round or nothing of it.
 *
 * @returns number of entries that this call appended to the log
 */
export async function sequenceCustody(sql: Sql, signal?: AbortSignal): Promise<number> {
  await renewEpoch(sql)
  // Within one call, rounds need not pass again over what they moved: its rows may still be in the index.
  for (let [appended, above] = [0, 0]; ;) {
    signal?.throwIfAborted()
    // The head first: if others append between the two reads, the head has moved and the round does nothing.
    const head = (await selectHead(sql)).rows[0]!
    const entries = await readInbox(sql, above)
    if (entries.length === 0) return appended
    if (!head.hasRoom) await createPartition(sql, [head.number + AHEAD])
    if (!(await appendRound(sql, head, entries))) return appended
    appended += entries.length
    above = entries.at(-1)!.entryId
  }
}

async function readInbox(sql: Sql, above: number): Promise<readonly InboxEntry[]> {
  const { rows } = await selectInbox(sql, [above, ENTRIES_A_ROUND, ITEM_BYTES_A_ROUND])
  // A CHECK of the table guarantees objects, and `appendCustody` the values of `private`.
  return rows as readonly InboxEntry[]
}

/** @returns false if another process appended meanwhile */
async function appendRound(sql: Sql, head: Head, entries: readonly InboxEntry[]): Promise<boolean> {
  const { chained, values, items } = chainEntries(head, entries)
  const { rowCount } = await moveEntries(
    sql,
    [
      head.number,
      hex(head.hash),
      entries.map(({ entryId }) => entryId),
      chained.map(({ number }) => number),
      chained.map(({ payload }) => payload),
      chained.map(({ prevHash }) => hex(prevHash)),
      chained.map(({ hash }) => hex(hash)),
      values.map(({ number }) => number),
      values.map(({ name }) => name),
      values.map(({ salt }) => hex(salt)),
      values.map(({ value }) => value),
      items.map(({ number }) => number),
      items.map(({ position }) => position),
      items.map(({ subject }) => subject),
      items.map(({ item }) => item),
    ],
    { prepare: true },
  )
  return rowCount > 0
}

function chainEntries(
  head: Head,
  entries: readonly InboxEntry[],
): { chained: ChainedEntry[]; values: KeptValue[]; items: StoredItem[] } {
  const chained: ChainedEntry[] = []
  const values: KeptValue[] = []
  const items: StoredItem[] = []
  let last: Pick<ChainedEntry, 'number' | 'hash'> = head
  for (const entry of [...resumption(head), ...entries]) {
    const number = last.number + 1
    const kept = Object.entries(entry.private).map(([name, value]) => ({
      number,
      name,
      salt: newSalt(),
      value,
    }))
    values.push(...kept)
    const { at, kind, subject, actor } = entry
    const listed = (entry.items ?? []).map((item, position) => storedItem(number, position, item))
    for (const item of listed) items.push(item)
    const details = entry.items ? { ...entry.details, ...itemsSummary(listed) } : entry.details
    const commitments = Object.fromEntries(kept.map((one) => [one.name, commitmentTo(one)]))
    const next = chainEntry(last.hash, {
      v: 1,
      number,
      epoch: head.epoch,
      at,
      kind,
      subject,
      actor,
      details,
      commitments,
    })
    chained.push(next)
    last = next
  }
  return { chained, values, items }
}

/**
 * The entry that begins another epoch: a restore or a failover may have lost entries after the last one. Without it,
 * the lost entries would look as if somebody had removed them.
 */
function resumption({ number, epoch, payload, now }: Head): readonly InboxEntry[] {
  const previous = payload === null ? undefined : parseRecord(payload)?.epoch
  if (previous === undefined || previous === epoch) return []
  return [
    {
      entryId: 0,
      at: now,
      kind: 'resumed',
      subject: 'log',
      actor: { process: 'sequencer' },
      details: { after: number, previousEpoch: previous },
      private: {},
      items: null,
    },
  ]
}
