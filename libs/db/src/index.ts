export { openPrisma } from './client.ts'
export { type PrismaClient } from './generated/client.ts'
export { getDatamodel, type default as PrismaTypes } from './generated/pothos.ts'
export {
  migrateDatabase,
  migrationStatus,
  type DatabaseMigration,
  type MigrateDatabaseOptions,
} from './migrate-database.ts'
export { verifyDatabase } from './verify-database.ts'
