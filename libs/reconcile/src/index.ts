export { ESCAPED_URL } from './batch.ts'
export { HiddenRowsError, ReferencedDuplicatesError } from './errors.ts'
export type { PostIdentity, ReadPostIdentity } from './identities.ts'
export { reconcile, type Reconciliation, type ReconcileOptions } from './reconcile.ts'
