import { leaseQueue } from '@mediakeep/lease'

/** Runs as a queue: one whose process died is taken up where its last batch ended. */
export const importQueue = leaseQueue({
  table: 'mediakeep.import_runs',
  id: 'run_id',
  prefix: 'import',
  pending: 'q.import_not_before IS NOT NULL',
  order: 'q.import_not_before',
})

/** Another process holds the run now; what this one does must stop. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly code = 'lease_lost'
}
