export {
  archiveAlarm,
  ArchiveAbsentError,
  assertNoAlarm,
  describeAlarm,
  type ArchiveAlarm,
} from './integrity/archive-alarm.ts'
export { cacheHeartbeat, type CacheSighting } from './integrity/cache-heartbeat.ts'
export {
  archiveAdopt,
  type AdoptedObject,
  type ArchiveAdoptDeps,
  type ArchiveAdoptOptions,
} from './adoption/archive-adopt.ts'
export {
  moveArchive,
  type MoveArchiveDeps,
  type MoveArchiveOptions,
  type MovedContent,
} from './archive/move-archive.ts'
export { archiveStage, type ArchiveStageOptions } from './archive/archive-stage.ts'
export { cacheAdopt, type AdoptDeps, type AdoptedFile, type AdoptOptions } from './adoption/cache-adopt.ts'
export { DiskFullError, keepDiskRoom, type DiskRoomDeps } from './integrity/disk-room.ts'
export {
  evictCache,
  type EvictableCache,
  type EvictDeps,
  type EvictOptions,
} from './integrity/evict-cache.ts'
export type { ContentExamination, KeepingDeps } from './integrity/examine-content.ts'
export {
  assertQuarantineHasRoom,
  QuarantineFullError,
  type QuarantineLimits,
  type QuarantineReport,
} from './integrity/limit-quarantine.ts'
export { quarantinedFiles, type QuarantineEntry, type QuarantineSelection } from './overview/quarantine.ts'
export { releaseQuarantined } from './inspect/release-quarantined.ts'
export { inspectStage, type InspectStageOptions } from './inspect/inspect-stage.ts'
export {
  restoreMedia,
  verifyMedia,
  type KeepMediaOptions,
  type MediaOutcome,
} from './integrity/verify-media.ts'
export { archivePrefix } from './archive/own-object.ts'
export { openMedia, type OpenedMedia, type OpenMediaDeps } from './integrity/open-media.ts'
export { expiringMedia, type ExpiringMedia } from './overview/expiring-media.ts'
export { failureReasons, type FailureReason } from './overview/failure-reasons.ts'
export type { OrphanFiles } from './integrity/orphan-files.ts'
export { pipelineStats, type CacheCount, type PipelineStats } from './overview/pipeline-stats.ts'
export type { PipelineStep, PipelineStepName } from './overview/pipeline-steps.ts'
export {
  type GarbageCache,
  type GarbageDeps,
  type CollectedGarbage,
  type GarbageOptions,
} from './integrity/collect-garbage.ts'
export type { SeekOptions, SeekReport } from './integrity/seek-missing.ts'
export { ContentUnavailableError } from './integrity/restore-content.ts'
export { throughput, type Throughput, type ThroughputUnit } from './overview/throughput.ts'
export {
  countCacheTask,
  evictTask,
  quarantineTask,
  garbageTask,
  seekTask,
  verifyTask,
} from './integrity/tasks.ts'
export { nextAuthors } from './search/authors.sql.ts'
export { mediaFacets, MOST_OF_VALUE, type MediaFacets } from './search/media-facets.ts'
export { searchSnippets, type SnippetPart } from './search/search-snippets.ts'
export { mediaConditions, type MediaConditions } from './search/media-conditions.ts'
export {
  DEFAULT_DISTANCE,
  FAILURE_STAGES,
  MAX_DISTANCE,
  MOST_HOURS,
  type FailureStage,
} from './search/filter-values.ts'
export { similarContents, type Near } from './search/similar-contents.ts'
export { planSearch, postHasWords, type SearchPlan } from './search/text-search.ts'
