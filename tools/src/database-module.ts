import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MigrationReport, MigrationStatus } from '@mediakeep/migrations'
import type { Check } from '@mediakeep/schema-verify'

/** What a project's database module exports for these tasks. */
export interface DatabaseModule {
  migrateDatabase(
    url: string,
    options: { readonly log: (line: string) => void; readonly dryRun: boolean },
  ): Promise<MigrationReport>
  migrationStatus(url: string): Promise<MigrationStatus[]>
  verifyDatabase(url: string): Promise<Check[]>
}

/** Loads a project's database module, TypeScript or not. @throws when it does not export what it must */
export async function loadDatabaseModule(root: string, path: string): Promise<DatabaseModule> {
  const loaded = (await import(pathToFileURL(resolve(root, path)).href)) as Partial<DatabaseModule>
  const { migrateDatabase, migrationStatus, verifyDatabase } = loaded
  if (!migrateDatabase || !migrationStatus || !verifyDatabase) {
    throw new Error(`${path} must export migrateDatabase, migrationStatus and verifyDatabase`)
  }
  return { migrateDatabase, migrationStatus, verifyDatabase }
}
