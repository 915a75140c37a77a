export { setCacheAbsence } from './caches.ts'
export { nextCandidates, resetCandidates, storeCandidates, type Candidate } from './candidates.ts'
export { changeFates, inRowBatches, mediaShowing, type FateChange, type ShownMedia } from './change-fates.ts'
export {
  markVerified,
  type VerifiedDepth,
  queueAgain,
  seekElsewhere,
  type AbsentContent,
  type MissingObject,
} from './content-state.ts'
export { endDownloads, type DownloadEnding } from './end-downloads.ts'
export {
  claimFiles,
  claimStrays,
  FROM_THE_START,
  readFilesAgain,
  type AfterFile,
  type LeasedFile,
  type Stray,
} from './export-files/claim-files.ts'
export { divertDownloads, endReadFiles, refuseFiles } from './export-files/end-files.ts'
export {
  endTrouble,
  exportsLeft,
  exportsToRead,
  reportExports,
  setTrouble,
  takeOverExport,
  troubledExports,
} from './export-files/exports.ts'
export {
  FILE_HOST,
  placeFiles,
  registerExport,
  type ExportFacts,
  type FilePlace,
  type RegisteredExport,
} from './export-files/place-files.ts'
export { sourceFiles, type SourceFile } from './export-files/source-files.ts'
export { ENDED_WITHOUT_FILE, FATE_CHANGES, FATES, type Fate } from './fate.ts'
export { deleteLeftovers, forgetObjects, giveBackLeftovers } from './leftovers.ts'
export type { LeasedMedia } from './leased-media.ts'
export { linkArchived, type ArchivedContent } from './link-archived.ts'
export { promoteRetries } from './promote-retries.ts'
export {
  endRelease,
  linkQuarantined,
  listInQuarantine,
  removeFromQuarantine,
  type QuarantinedFile,
} from './quarantined-files.ts'
export { queueArchive, type QueuedMedia } from './queue-archive.ts'
export { queueContent } from './queue-contents.ts'
export { queueRemoval } from './queue-removal.ts'
export {
  archiveQueue,
  downloadQueue,
  inspectQueue,
  leftoversQueue,
  unarchived,
  uninspected,
} from './queues.ts'
export { registerContents, type NewContent } from './register-contents.ts'
export { rejectContent, unrejectContent } from './reject-content.ts'
export { requeueDownloads, retryInspections, type DownloadSelection } from './requeue-downloads.ts'
export { retryParked, type ParkedSelection } from './retry-parked.ts'
export { returnToSource } from './return-to-source.ts'
export { settleAdopted } from './settle-adopted.ts'
export { settleDownloads, type FetchedMedia } from './settle-downloads.ts'
export {
  rejectRows,
  settleInspections,
  settleRemoved,
  type Inspection,
  type Removed,
  type Verdict,
} from './settle-inspections.ts'
export { MAX_UPLOAD_ATTEMPTS, settleUploads, type Settlement, type UploadOutcome } from './settle-uploads.ts'
export {
  mediaContents,
  storedColumns,
  toStoredContent,
  type MediaContent,
  type StoredContent,
  type StoredContentRow,
} from './stored-content.ts'
