export { actorJson, actorName, programActor, type CustodyActor } from './actor.ts'
export {
  appendCustody,
  itemEntries,
  type CustodyEntry,
  type CustodyItem,
  type CustodyKind,
  type CustodySubject,
  type ItemSubject,
} from './append.ts'
export { canonicalJson, type Json, type JsonObject } from './canonical-json.ts'
export {
  checkpointHash,
  isSignedBy,
  parseCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointBody,
} from './checkpoint.ts'
export { commitmentTo, isCommittedValue, newSalt, type CommittedValue } from './commitment.ts'
export { chainEntry, entryHash, NO_ENTRY, parseRecord, type ChainedEntry, type EntryRecord } from './entry.ts'
export {
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  merkleRoot,
  openMerkleBuilder,
  type Inclusion,
  type MerkleBuilder,
} from './merkle.ts'
export {
  newSigningKey,
  openPublicKey,
  openSigningKey,
  type PublicKey,
  type SigningKey,
} from './signing-key.ts'
export { verifyHistory, type HistoryEntry, type HistoryReport } from './verify-history.ts'
export { sequenceCustody } from './sequence.ts'
export { publishedKeys, rotateSigningKey, type PublishedKey } from './keys.ts'
export { latestCheckpoint, makeCheckpoint } from './make-checkpoint.ts'
export type { Anchors } from './anchors.ts'
export { explainReport, type Explanation } from './explain-report.ts'
export { verifyDatabaseLog, type DatabaseReport } from './verify-database.ts'
export { verifyLog, type LogReport, type LogSource, type Problem, type StoredEntry } from './verify-log.ts'
