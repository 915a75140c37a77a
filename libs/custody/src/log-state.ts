import type { KeyLine } from './key-record.ts'
import type { MerkleBuilder } from './merkle.ts'

/** The log as far as a verification has read it. */
export interface LogState {
  number: number
  hash: Uint8Array
  /** The tree since the last checkpoint. */
  tree: MerkleBuilder
  keys: KeyLine
  /** Number of the entry that announced each key, by fingerprint. */
  readonly announced: Map<string, number>
}

/** Reports what is wrong with an entry, or with the checkpoint of so many entries. */
export type ReportProblem = (number: number, problem: string) => void
