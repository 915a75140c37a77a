import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StayRule } from '@mediakeep/migrations'
import { parsePrismaSchema, type ExpectedSchema } from '@mediakeep/schema-verify'
import { contract } from './contract.ts'
import { invariants } from './invariants.ts'
import { adoptionRules } from './migrate-adoption.ts'
import { preflightChecks } from './preflight.ts'
import { mapOldStatuses } from './preflight-statuses.ts'
import { previewReconciliation, reconcileDatabase } from './reconcile-database.ts'

const migrations = {
  folder: join(import.meta.dirname, '../migrations'),
  historySchema: 'mediakeep',
  historyTable: 'migrations',
  // Set explicitly: with a database's or role's default, another schema could come first. Supabase keeps extensions in
  // "extensions"; other programs' triggers may call them without their schema.
  searchPath: 'public, extensions, pg_temp',
}
const prismaSchema = join(import.meta.dirname, '../prisma/schema.prisma')

const GIVEN = 'other people’s rows and programs are in its tables, and stood there before us'

/** Migrations that cannot be undone, and why; adopted migrations always stay and need no entry. */
const stays: readonly StayRule[] = [
  { migration: '20251130223349_create_schema', reason: GIVEN },
  { migration: '20251201123623_add_media_tracking_columns', reason: GIVEN },
  {
    migration: '20261123090000_create_mediakeep_schema',
    reason:
      'duplicate rows were merged, and mediakeep.merged_media alone still has them as they were: save that table ' +
      'elsewhere and empty it first',
    when: `SELECT to_regclass('mediakeep.merged_media') IS NOT NULL AND EXISTS (SELECT FROM mediakeep.merged_media)`,
  },
  {
    migration: '20261130203500_create_custody',
    reason: 'the custody log has entries, and it is never removed',
    when: `SELECT to_regclass('mediakeep.custody') IS NOT NULL AND EXISTS (SELECT FROM mediakeep.custody)`,
  },
  {
    migration: '20261201012400_create_custody_items',
    reason: 'entries of the custody log refer to mediakeep.custody_items, and it is never removed',
    when: `SELECT to_regclass('mediakeep.custody_items') IS NOT NULL AND EXISTS (SELECT FROM mediakeep.custody_items)`,
  },
]

/** Describes our database to the schema tools. */
export const database = {
  migrations,
  /** The generator writes this folder. */
  contractFolder: join(import.meta.dirname, 'contract'),
  invariants,
  schemas: ['mediakeep'],
  rolling: ['mediakeep.custody'],
  given: ['public.posts', 'public.download_runs', 'public.data_downloads', 'public.post_media'],
  prismaSchema,
  // We choose each column's width on purpose: a priority of 0 to 9 fits a small one.
  lintExcludes: ['prefer-bigint-over-int', 'prefer-bigint-over-smallint'],
  migrateCommand: 'nx run db:migrate',
  adopt: adoptionRules,
  preflight: preflightChecks,
  prepare: mapOldStatuses,
  stays,
  afterMigrate: reconcileDatabase,
  previewAfterMigrate: previewReconciliation,
}

/** Everything that our code expects of its database. */
export function expected(): ExpectedSchema {
  return {
    contract,
    migrations,
    prismaModels: parsePrismaSchema(readFileSync(prismaSchema, 'utf8')),
    migrateCommand: database.migrateCommand,
  }
}
