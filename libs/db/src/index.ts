export { openPrisma } from './client.ts'
export {
  Prisma,
  type DataDownload,
  type DownloadRun,
  type ImportRun,
  type Media,
  type Post,
  type PrismaClient,
  type RejectedPost,
} from './generated/client.ts'
export { getDatamodel, type default as PrismaTypes } from './generated/pothos-types.ts'
export {
  migrateDatabase,
  migrationStatus,
  type DatabaseMigration,
  type MigrateDatabaseOptions,
} from './migrate-database.ts'
export { database } from './database.ts'
export { rowVisibility } from './hidden-rows.ts'
export { schemaReadiness } from './schema-readiness.ts'
export { verifyDatabase } from './verify-database.ts'
