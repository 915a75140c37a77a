export { EmbeddedPostgresError, openEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'
