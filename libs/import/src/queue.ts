import { leaseQueue } from '@mediakeep/lease'

export { LeaseLostError } from '@mediakeep/lease'

/** Runs as a queue: if a run's process dies, another resumes it after its last batch. */
export const importQueue = leaseQueue({
  table: 'mediakeep.import_runs',
  id: 'run_id',
  prefix: 'import',
  pending: 'q.import_not_before IS NOT NULL',
  order: 'q.import_not_before',
})
