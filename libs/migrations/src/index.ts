export type { AdoptedObject, AdoptionRule } from './adopt.ts'
export {
  InvalidMigrationError,
  MigrationFailedError,
  MigrationLockError,
  PartlyAppliedError,
} from './errors.ts'
export { down, migrate, type MigrationOptions, type MigrationReport } from './migrate.ts'
export { status, type MigrationStatus } from './status.ts'
