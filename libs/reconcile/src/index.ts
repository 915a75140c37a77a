export { reconcile, type Reconciliation, type ReconcileOptions } from './reconcile.ts'
