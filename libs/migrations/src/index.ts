export type { AdoptedObject, AdoptionRule } from './adopt.ts'
export {
  InvalidMigrationError,
  MigrationFailedError,
  MigrationLockError,
  MigrationStaysError,
  NewerSchemaError,
  PartlyAppliedError,
} from './errors.ts'
export type { HistoryTable } from './history.ts'
export { migrate, type MigrationOptions, type MigrationReport } from './migrate.ts'
export type { SessionSettings } from './connection.ts'
export { readMigrations, type Migration } from './migration-files.ts'
export { readStatus, status, type MigrationStatus } from './status.ts'
export { undo, type StayRule, type UndoOptions } from './undo.ts'
