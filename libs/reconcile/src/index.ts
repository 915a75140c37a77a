export { HiddenRowsError, ReferencedDuplicatesError } from './errors.ts'
export { reconcile, type Reconciliation, type ReconcileOptions } from './reconcile.ts'
