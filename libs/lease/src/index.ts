export { drainQueue, type DrainOptions, type Settled } from './drain-queue.ts'
export { LeaseLostError } from './lease-lost-error.ts'
export { leaseKeeper, type LeaseKeeper } from './lease-keeper.ts'
export {
  heldBy,
  leaseQueue,
  MAX_DEATHS,
  SUSPECT_DEATHS,
  type ClaimOptions,
  type HeldLease,
  type Lease,
  type LeaseQueue,
  type QueueTable,
} from './lease-queue.ts'
export { periodicTasks, type PeriodicTask, type PeriodicTasksOptions } from './periodic-tasks.ts'
export type { Stage, StageLog, StageReport } from './stage.ts'
