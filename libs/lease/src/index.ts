export {
  heldBy,
  leaseQueue,
  type ClaimOptions,
  type Lease,
  type LeaseQueue,
  type QueueTable,
} from './lease-queue.ts'
export type { Stage, StageReport } from './stage.ts'
