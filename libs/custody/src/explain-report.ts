import type { Anchors } from './anchors.ts'
import type { LogReport } from './verify-log.ts'

/** Says in plain words what a verification proved, and what it could not. */
export interface Explanation {
  readonly proved: readonly string[]
  readonly open: readonly string[]
}

export function explainReport(report: LogReport, { key }: Anchors): Explanation {
  const { entries, problems } = report
  if (problems.length > 0) return { proved: [], open: [] }
  if (entries === 0) return { proved: [], open: ['The log is empty.'] }
  return { proved: proved(report, key), open: open(report) }
}

function proved({ entries, signedThrough, anchored, checkpoints }: LogReport, key = ''): string[] {
  const consistent = `${range(1, entries)} consistent: numbered without gaps, each with the hash of the one before it.`
  const covering =
    checkpoints === 1 ? 'a signed checkpoint' : `${checkpoints} signed checkpoints, which follow one another`
  const signed = `${range(1, signedThrough)} covered by ${covering}.`
  const byKey = `${range(1, anchored.byKey)} signed with the key ${key}, or with one that it led to.`
  const byCheckpoint = `${range(1, anchored.byCheckpoint)} what they were when the saved checkpoint was made.`
  return [
    consistent,
    ...(signedThrough > 0 ? [signed] : []),
    ...(anchored.byKey > 0 ? [byKey] : []),
    ...(anchored.byCheckpoint > 0 ? [byCheckpoint] : []),
  ]
}

function open({ entries, signedThrough, anchored: { byCheckpoint, byKey } }: LogReport): string[] {
  const unsigned = `${range(signedThrough + 1, entries)} not signed yet: the next checkpoint will cover them.`
  const which = byCheckpoint === 0 ? 'the log' : `the entries after ${byCheckpoint}`
  const rewritten =
    byKey === 0
      ? `That nobody wrote ${which} anew and signed it with a key of their own: not provable without an anchor. ` +
        'Give --key or --checkpoint, from a copy that you saved outside this installation.'
      : `That nobody wrote ${which} anew with the same key: not provable by a key, because whoever has the whole ` +
        'database has that key. Give --checkpoint with one that you saved outside this installation.'
  const cut =
    `That no entries after ${entries} were cut off: not provable without an anchor. ` +
    'Give --checkpoint with a checkpoint that you saved later.'
  return [...(signedThrough < entries ? [unsigned] : []), ...(byCheckpoint < entries ? [rewritten] : []), cut]
}

function range(first: number, last: number): string {
  return first === last ? `Entry ${first} is` : `Entries ${first} to ${last} are`
}
