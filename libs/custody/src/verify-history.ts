import type { Sql } from '@mediakeep/sql'
import { type CustodyItem, ITEMS_AN_ENTRY, type ItemSubject } from './append.ts'
import { isSignedBy, parseCheckpoint } from './checkpoint.ts'
import { equalBytes, hex } from './digest.ts'
import { entryHash, NO_ENTRY, parseRecord, type EntryRecord } from './entry.ts'
import { itemsProblem } from './items.ts'
import { selectPublicKeys } from './keys.sql.ts'
import { MissingEntriesError, rootBetween } from './make-checkpoint.ts'
import { openPublicKey } from './signing-key.ts'
import { selectCheckpoints, selectEntries, selectItems, selectValues } from './verify-database.sql.ts'
import { selectHistory, selectWaiting } from './verify-history.sql.ts'
import type { Problem } from './verify-log.ts'
import { isCommittedValue } from './commitment.ts'

const ENTRIES_A_READ = 200

export interface HistoryEntry extends Pick<EntryRecord, 'number' | 'at' | 'kind' | 'subject' | 'actor'> {
  /** Details of the entry, or of its item about this subject. */
  readonly details: EntryRecord['details']
  /** Number of entries that the checkpoint covers in which it is signed; undefined if none covers it yet. */
  readonly checkpoint: number | undefined
}

export interface HistoryReport {
  readonly entries: readonly HistoryEntry[]
  /** Fingerprints of the keys that signed the checkpoints. */
  readonly keys: readonly string[]
  readonly problems: readonly Problem[]
  /** Entries about these subjects that have no number yet. */
  readonly waiting: number
}

interface SignedPart {
  readonly count: number
  readonly key: string
  readonly problem: string | undefined
}

/**
 * Checks the entries about one item: their hashes, their place in the chain, their items, and the checkpoints that
 * cover them. It does not show that no entry about the item is missing: `verifyDatabaseLog` reads the whole log.
 */
export async function verifyHistory(
  sql: Sql,
  subjects: readonly ItemSubject[],
  signal?: AbortSignal,
): Promise<HistoryReport> {
  const { rows: counted } = await selectWaiting(sql, [subjects])
  const entries: HistoryEntry[] = []
  const problems: Problem[] = []
  const keys = new Set<string>()
  let part: SignedPart | undefined
  for (let after = 0; ;) {
    signal?.throwIfAborted()
    const { rows } = await selectHistory(sql, [subjects, after, ENTRIES_A_READ])
    const last = rows.at(-1)?.number
    if (last === undefined) break
    // Each half of the statement ends at its own limit: what follows the earlier end is read again.
    const end = rows.length < ENTRIES_A_READ ? last : rows[ENTRIES_A_READ - 1]!.number
    for (const row of rows.filter(({ number }) => number <= end)) {
      const { number } = row
      const record = parseRecord(row.payload)
      for (const problem of await entryProblems(sql, row, record)) problems.push({ number, problem })
      if (!record) continue
      if (part === undefined || part.count < number) {
        part = await signedPart(sql, number, signal)
        if (part?.problem !== undefined) problems.push({ number: part.count, problem: part.problem })
      }
      if (part) keys.add(part.key)
      const { at, kind, actor } = record
      const { subject, ...details } =
        row.item === null
          ? { ...record.details, subject: record.subject }
          : (JSON.parse(row.item) as CustodyItem)
      entries.push({ number, at, kind, subject, actor, details, checkpoint: part?.count })
    }
    after = end
  }
  return { entries, keys: [...keys], problems, waiting: counted[0]!.waiting }
}

interface HistoryRow {
  readonly number: number
  readonly payload: string
  readonly prevHash: Uint8Array
  readonly hash: Uint8Array
  readonly hashBefore: Uint8Array | null
}

async function entryProblems(sql: Sql, row: HistoryRow, record: EntryRecord | undefined): Promise<string[]> {
  const { number, payload, prevHash, hash } = row
  const problems: string[] = []
  const before = number === 1 ? NO_ENTRY : row.hashBefore
  if (before === null || !equalBytes(prevHash, before)) problems.push('does not continue the entry before it')
  if (!equalBytes(hash, entryHash(prevHash, payload)))
    problems.push('was changed: its hash is not that of its text')
  if (!record) return [...problems, 'is not a canonical entry']
  if (record.number !== number) problems.push(`was moved: its text says number ${record.number}`)
  const items = await selectItems(sql, [number, -1, number, ITEMS_AN_ENTRY + 1])
  const wrong = itemsProblem(record, items.rows)
  if (wrong !== undefined) problems.push(wrong)
  const values = await selectValues(sql, [number, number])
  for (const value of values.rows) {
    const commitment = record.commitments[value.name]
    if (commitment === undefined || !isCommittedValue(commitment, value))
      problems.push(`the value "${value.name}" beside it is not the one it commits to`)
  }
  return problems
}

/** Compares the checkpoint that covers an entry with its signature and with the log since the checkpoint before. */
async function signedPart(sql: Sql, number: number, signal?: AbortSignal): Promise<SignedPart | undefined> {
  const { rows } = await selectCheckpoints(sql, [number - 1, Number.MAX_SAFE_INTEGER, 1])
  const checkpoint = rows[0]
  if (!checkpoint) return undefined
  const body = parseCheckpoint(checkpoint.body)
  if (!body) return { count: checkpoint.count, key: '', problem: 'its checkpoint is not canonical' }
  const { count, since, key, root, head } = body
  const wrong = (problem: string): SignedPart => ({ count, key, problem: `its checkpoint ${problem}` })
  if (count !== checkpoint.count || since >= number) return wrong('does not cover it')
  const keys = await selectPublicKeys(sql)
  const listed = keys.rows.find(({ fingerprint }) => fingerprint === key)
  if (!listed) return wrong(`is signed by the key ${key}, which this installation does not have`)
  const publicKey = openPublicKey(listed.publicKey)
  if (publicKey.fingerprint !== key || !isSignedBy(publicKey, checkpoint))
    return wrong('has a wrong signature')
  const end = await selectEntries(sql, [count - 1, count, 1])
  if (end.rows[0] === undefined || hex(end.rows[0].hash) !== head)
    return wrong('has another last entry than the log')
  if (root !== (await rootOf(sql, since, count, signal))) return wrong('has another Merkle root than the log')
  return { count, key, problem: undefined }
}

/** @returns undefined if entries are missing */
async function rootOf(
  sql: Sql,
  since: number,
  count: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    return await rootBetween(sql, since, count, signal)
  } catch (error) {
    if (error instanceof MissingEntriesError) return undefined
    throw error
  }
}
