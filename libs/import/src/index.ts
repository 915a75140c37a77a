export {
  backfill,
  createBackfillRun,
  previewBackfill,
  type BackfillOptions,
  type BackfillPreview,
} from './backfill.ts'
export { findPostFiles } from './find-post-files.ts'
export { importStage, type ImportStageOptions } from './import-stage.ts'
export { previewImport, type ImportPreview } from './preview-import.ts'
export { runImport, UnknownRunError, type RunOptions } from './run-import.ts'
export { createImportRun, type NewRun } from './run-state.ts'
export {
  readRejectedPosts,
  readRunProgress,
  readRunSummary,
  type MediaSummary,
  type RejectedPost,
  type RunProgress,
  type RunSummary,
} from './run-summary.ts'
export { readStoredIdentity, type StoredIdentity } from './stored-keys.ts'
export type { Selection } from './stored-posts.ts'
