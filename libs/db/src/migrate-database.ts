import {
  migrate,
  status,
  type MigrationReport,
  type MigrationStatus,
  readMigrations,
  readStatus,
} from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'
import type { Reconciliation } from '@mediakeep/reconcile'
import { database } from './database.ts'
import { reconcileDatabase } from './reconcile-database.ts'

export interface MigrateDatabaseOptions {
  readonly log?: (line: string) => void
  /** Report what would be done, without doing it. */
  readonly dryRun?: boolean
}

export interface DatabaseMigration extends MigrationReport {
  /** Number of older writers' rows that were fixed; undefined for a dry run. */
  readonly reconciled: Reconciliation | undefined
}

/**
 * Brings a database up to date: an empty one, one of ours, or one whose tables another tool created. Needs a direct
 * connection, as `migrate` does. Several processes may run it at once.
 */
export async function migrateDatabase(
  url: string,
  options: MigrateDatabaseOptions = {},
): Promise<DatabaseMigration> {
  const { adopt, preflight, prepare } = database
  const report = await migrate({ ...database.migrations, url, adopt, preflight, prepare, ...options })
  if (options.dryRun) return { ...report, reconciled: undefined }
  return { ...report, reconciled: await reconcileDatabase(url, options.log) }
}

/** Returns our migrations, each with its state in the database. */
export async function migrationStatus(from: string | Sql): Promise<MigrationStatus[]> {
  if (typeof from === 'string') return status({ ...database.migrations, url: from })
  return readStatus(from, await readMigrations(database.migrations.folder), database.migrations)
}
