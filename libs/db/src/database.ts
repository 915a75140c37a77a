import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StayRule } from '@mediakeep/migrations'
import { parsePrismaSchema, type Belief } from '@mediakeep/schema-verify'
import { contract } from './contract.ts'

const migrations = {
  folder: join(import.meta.dirname, '../migrations'),
  historySchema: 'mediakeep',
  historyTable: 'migrations',
}
const prismaSchema = join(import.meta.dirname, '../prisma/schema.prisma')

const GIVEN = 'other people’s rows and programs are in its tables, and stood there before us'

/** What is not undone, and why; adopted migrations stay without being named. */
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
]

/** What the schema tools have to know of our database. */
export const database = {
  migrations,
  contract,
  contractFolder: join(import.meta.dirname, 'contract'),
  ownership: {
    schemas: ['mediakeep'],
    given: ['public.posts', 'public.download_runs', 'public.data_downloads', 'public.post_media'],
  },
  prismaSchema,
  stays,
} as const

/** All that our code believes of its database. */
export function belief(): Belief {
  return {
    contract,
    migrations,
    prismaModels: parsePrismaSchema(readFileSync(prismaSchema, 'utf8')),
    migrateCommand: 'nx run db:migrate',
  }
}
