export {
  archiveAlarm,
  ArchiveAbsentError,
  assertNoAlarm,
  describeAlarm,
  type ArchiveAlarm,
} from './archive-alarm.ts'
export { cacheHeartbeat, returnToSource, type CacheSighting } from './cache-registry.ts'
export {
  archiveAdopt,
  type AdoptedObject,
  type ArchiveAdoptDeps,
  type ArchiveAdoptOptions,
} from './archive-adopt.ts'
export { archiveStage, type ArchiveStageOptions } from './archive-stage.ts'
export { cacheAdopt, type AdoptDeps, type AdoptedFile, type AdoptOptions } from './cache-adopt.ts'
export { evictCache, type EvictableCache, type EvictDeps, type EvictOptions } from './evict-cache.ts'
export type { ContentExamination, KeepingDeps } from './examine-content.ts'
export {
  assertQuarantineHasRoom,
  limitQuarantine,
  QuarantineFullError,
  type QuarantineLimits,
  type QuarantineReport,
} from './limit-quarantine.ts'
export { quarantinedFiles, type QuarantineEntry, type QuarantineSelection } from './quarantine.ts'
export { releaseQuarantined } from './release-quarantined.ts'
export { retryParked, type ParkedSelection } from './retry-parked.ts'
export { inspectStage, type InspectStageOptions } from './inspect-stage.ts'
export {
  queueArchive,
  restoreMedia,
  verifyMedia,
  type KeepMediaOptions,
  type MediaOutcome,
  type QueuedMedia,
} from './keep-media.ts'
export { archivePrefix } from './own-object.ts'
export { openMedia, type OpenedMedia, type OpenMediaDeps } from './open-media.ts'
export { expiringMedia, type ExpiringMedia } from './expiring-media.ts'
export { failureReasons, hasFailed, type FailureReason, type FailureStage } from './failure-reasons.ts'
export type { OrphanFiles } from './orphan-files.ts'
export { periodicTasks, type PeriodicTask, type PeriodicTasksOptions } from './periodic-tasks.ts'
export { pipelineStats, type PipelineStats } from './pipeline-stats.ts'
export type { PipelineStep, PipelineStepName } from './pipeline-steps.ts'
export { reap, type ReapableCache, type ReapDeps, type Reaping, type ReapOptions } from './reap.ts'
export { ContentUnavailableError } from './restore-content.ts'
export { throughput, type Throughput, type ThroughputUnit } from './throughput.ts'
export { evictTask, quarantineTask, reapTask, verifyTask } from './tasks.ts'
