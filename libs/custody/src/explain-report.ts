import type { Anchors } from './anchors.ts'
import type { LogReport } from './verify-log.ts'

/** Says in plain words what a verification proved, and what it could not. */
export interface Explanation {
  readonly proved: readonly string[]
  readonly open: readonly string[]
}

export function explainReport(report: LogReport, anchors: Anchors): Explanation {
  const { entries, problems } = report
  if (problems.length > 0) return { proved: [], open: [] }
  if (entries === 0) return { proved: [], open: ['The log is empty.'] }
  return { proved: proved(report, anchors), open: open(report) }
}

function proved(
  { entries, signedThrough, anchoredThrough, checkpoints }: LogReport,
  anchors: Anchors,
): string[] {
  const consistent = `${range(1, entries)} consistent: numbered without gaps, each with the hash of the one before it.`
  const signed = `${range(1, signedThrough)} covered by ${checkpoints} signed checkpoints, which follow one another.`
  const anchored = `${range(1, anchoredThrough)} what they were when ${anchorName(anchors)} was made.`
  return [consistent, ...(signedThrough > 0 ? [signed] : []), ...(anchoredThrough > 0 ? [anchored] : [])]
}

function open({ entries, signedThrough, anchoredThrough }: LogReport): string[] {
  const unsigned = `${range(signedThrough + 1, entries)} not signed yet: the next checkpoint will cover them.`
  const which = anchoredThrough === 0 ? 'the log' : `the entries after ${anchoredThrough}`
  const rewritten =
    `That nobody wrote ${which} anew and signed it with a key of their own: not provable without an anchor. ` +
    'Give --key or --checkpoint, from a copy that you saved outside this installation.'
  const cut =
    `That no entries after ${entries} were cut off: not provable without an anchor. ` +
    'Give --checkpoint with a checkpoint that you saved later.'
  return [
    ...(signedThrough < entries ? [unsigned] : []),
    ...(anchoredThrough < entries ? [rewritten] : []),
    cut,
  ]
}

function range(first: number, last: number): string {
  return first === last ? `Entry ${first} is` : `Entries ${first} to ${last} are`
}

function anchorName({ key, checkpoints = [] }: Anchors): string {
  return checkpoints.length > 0
    ? 'the saved checkpoint'
    : `the newest checkpoint signed by the key ${key ?? ''}`
}
