export type { AdoptedObject, AdoptionRule } from './adopt.ts'
export {
  InvalidMigrationError,
  MigrationFailedError,
  MigrationLockError,
  MigrationStaysError,
  NewerSchemaError,
  PartlyAppliedError,
  PreflightError,
} from './errors.ts'
export type { HistoryTable } from './history.ts'
export { migrate, preflight, type MigrationOptions, type MigrationReport } from './migrate.ts'
export type { SessionSettings } from './connection.ts'
export { readMigrations, type Migration } from './migration-files.ts'
export { formatFinding, note, refusal, type Finding, type PreflightChecks } from './preflight.ts'
export { readStatus, status, type MigrationStatus } from './status.ts'
export { undo, type StayRule, type UndoOptions } from './undo.ts'
