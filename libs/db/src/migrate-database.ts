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
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean
}

export interface DatabaseMigration extends MigrationReport {
  /** Rows of older writers that were put right; undefined of a dry run. */
  readonly reconciled: Reconciliation | undefined
}

/**
 * Brings a database up to date: an empty one, one of ours, or one whose tables somebody else made. Needs a direct
 * connection, as `migrate` does. Many processes may do so at once.
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

/** Our migrations and what the database says of each. */
export async function migrationStatus(from: string | Sql): Promise<MigrationStatus[]> {
  if (typeof from === 'string') return status({ ...database.migrations, url: from })
  return readStatus(from, await readMigrations(database.migrations.folder), database.migrations)
}
