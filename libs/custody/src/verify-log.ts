import { parseRecord, entryHash, NO_ENTRY, type ChainedEntry, type EntryRecord } from './entry.ts'
import { checkAnchors, NOT_ANCHORED, type Anchored, type Anchors } from './anchors.ts'
import { openCheckpointCheck } from './checkpoint-check.ts'
import type { Checkpoint } from './checkpoint.ts'
import { equalBytes } from './digest.ts'
import { isCommittedValue, type CommittedValue } from './commitment.ts'
import { itemsProblem, type StoredItem } from './items.ts'
import { followKeys } from './key-record.ts'
import type { LogState, ReportProblem } from './log-state.ts'
import { openMerkleBuilder } from './merkle.ts'

export interface Problem {
  /** Number of the entry, or of entries that a checkpoint covers. */
  readonly number: number
  readonly problem: string
}

export interface LogReport {
  /** Number of entries that were read. */
  readonly entries: number
  readonly checkpoints: number
  /** Entries up to this number are covered by a valid checkpoint. */
  readonly signedThrough: number
  /** Fingerprints of the keys that the log announces, in their order. */
  readonly keys: readonly string[]
  readonly anchored: Anchored
  /** At most `maxProblems`; reading stops there. */
  readonly problems: readonly Problem[]
}

/** An entry, and the values beside it that were not erased. */
export interface StoredEntry extends ChainedEntry {
  readonly values?: readonly (CommittedValue & { readonly name: string })[]
  /** Those that it lists, in the order of their positions. */
  readonly items?: readonly StoredItem[]
}

export interface LogSource {
  /** In the order of their numbers. */
  readonly entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>
  /** In the order of the entries that they cover. */
  readonly checkpoints: AsyncIterable<Checkpoint> | Iterable<Checkpoint>
}

export interface VerifyOptions extends Anchors {
  readonly maxProblems?: number
}

/**
 * Checks a whole log in one pass with constant memory: numbers, hashes, the line of keys, every checkpoint, and what
 * was saved elsewhere.
 */
export async function verifyLog(
  { entries, checkpoints }: LogSource,
  { maxProblems = 20, ...anchors }: VerifyOptions = {},
): Promise<LogReport> {
  const problems: Problem[] = []
  const report: ReportProblem = (number, problem) => void problems.push({ number, problem })
  const log: LogState = {
    number: 0,
    hash: NO_ENTRY,
    tree: openMerkleBuilder(),
    keys: [],
    announced: new Map(),
  }
  const checks = openCheckpointCheck(checkpoints, log, report)
  const saved = checkAnchors(anchors, log, report)
  for await (const entry of entries) {
    checkEntry(log, entry, report)
    await checks.at(log.number)
    saved.at(log.number)
    if (problems.length >= maxProblems) break
  }
  const isWhole = problems.length < maxProblems
  if (isWhole) {
    await checks.end()
    saved.end(checks.last)
  }
  return {
    entries: log.number,
    checkpoints: checks.checked,
    signedThrough: checks.last?.count ?? 0,
    keys: log.keys.map(({ fingerprint }) => fingerprint),
    anchored: problems.length === 0 ? saved.through(checks.last) : NOT_ANCHORED,
    problems,
  }
}

function checkEntry(log: LogState, entry: StoredEntry, report: ReportProblem): void {
  const { number, payload, prevHash, hash } = entry
  const expected = log.number + 1
  if (number > expected) report(expected, `missing: the entry after ${log.number} is ${number}`)
  else if (number < expected) report(number, `out of order: it comes after ${log.number}`)
  if (!equalBytes(prevHash, log.hash)) report(number, 'does not continue the entry before it')
  if (!equalBytes(hash, entryHash(prevHash, payload)))
    report(number, 'was changed: its hash is not that of its text')
  const record = parseRecord(payload)
  if (!record) report(number, 'is not a canonical entry')
  else checkRecord(log, entry, record, report)
  log.tree.add(hash)
  log.number = number
  log.hash = hash
}

function checkRecord(
  log: LogState,
  { number, values = [], items = [] }: StoredEntry,
  record: EntryRecord,
  report: ReportProblem,
): void {
  if (record.number !== number) report(number, `was moved: its text says number ${record.number}`)
  for (const value of values) {
    const commitment = record.commitments[value.name]
    if (commitment === undefined || !isCommittedValue(commitment, value))
      report(number, `the value "${value.name}" beside it is not the one it commits to`)
  }
  const problem = itemsProblem(record, items)
  if (problem !== undefined) report(number, problem)
  if (record.subject !== 'keys') return
  const keys = followKeys(log.keys, record)
  if (keys) {
    log.keys = keys
    log.announced.set(keys.at(-1)!.fingerprint, number)
  } else report(number, 'announces a key that the key before it did not sign')
}
