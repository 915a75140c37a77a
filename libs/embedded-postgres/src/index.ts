export { createDatabase } from './create-database.ts'
export { EmbeddedPostgresError, openEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'
