export type { AdoptedObject, AdoptionRule } from './adopt.ts'
export {
  InvalidMigrationError,
  MigrationFailedError,
  MigrationLockError,
  PartlyAppliedError,
} from './errors.ts'
export { readMigrations, type Migration } from './migration-files.ts'
export {
  down,
  migrate,
  status,
  type MigrationOptions,
  type MigrationReport,
  type MigrationStatus,
} from './migrate.ts'
