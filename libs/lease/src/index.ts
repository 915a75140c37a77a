export { leaseKeeper, type LeaseKeeper } from './lease-keeper.ts'
export {
  heldBy,
  leaseQueue,
  type ClaimOptions,
  type Lease,
  type LeaseQueue,
  type QueueTable,
} from './lease-queue.ts'
export type { Stage, StageLog, StageReport } from './stage.ts'
