import { readMigrations, readStatus, type HistoryTable, type Migration } from '@mediakeep/migrations'
import { maintenanceSession, openPool } from '@mediakeep/postgres'
import type { Database, Sql } from '@mediakeep/sql'
import { readCatalog } from './read-catalog.ts'
import type { AccessOptions } from './compare-access.ts'
import { compareSchema, scopeOf } from './compare-schema.ts'
import type { Check, SchemaContract } from './contract.ts'
import { checkHistory } from './history-checks.ts'
import { comparePrisma } from './prisma-checks.ts'
import type { PrismaModel } from './prisma-schema.ts'
import { checkRows, readOnly } from './verify-schema.ts'

const STATEMENT_MS = 60_000

/** Everything that the code expects of its database. */
export interface ExpectedSchema {
  readonly contract: SchemaContract
  readonly migrations: HistoryTable & { readonly folder: string }
  /** Models that a Prisma client reads. */
  readonly prismaModels?: readonly PrismaModel[]
  /** The command that an operator runs to migrate. */
  readonly migrateCommand?: string
}

/**
 * Checks a database against everything the code expects of it: objects, migration history, Prisma models, invariants.
 * Uses one read-only snapshot over one connection and needs only read privileges.
 */
export async function verifyExpected(
  database: Database,
  expected: ExpectedSchema,
  access: AccessOptions = {},
): Promise<Check[]> {
  const files = await readMigrations(expected.migrations.folder)
  return readOnly(database, (sql) => checkAll(sql, expected, files, access))
}

/** Same as `verifyExpected`, over its own connection. */
export async function verifyUrl(
  url: string,
  expected: ExpectedSchema,
  access: AccessOptions = {},
): Promise<Check[]> {
  const pool = openPool(url, { max: 1, session: maintenanceSession('schema-verification', STATEMENT_MS) })
  try {
    return await verifyExpected(pool, expected, access)
  } finally {
    await pool.close()
  }
}

async function checkAll(
  sql: Sql,
  expected: ExpectedSchema,
  files: readonly Migration[],
  access: AccessOptions,
): Promise<Check[]> {
  const { contract, migrations, prismaModels = [], migrateCommand = 'run the migrations' } = expected
  const history = checkHistory(await readStatus(sql, files, migrations), migrations, migrateCommand)
  const catalog = await readCatalog(sql, scopeOf(contract, prismaModels, access))
  return [
    ...compareSchema(contract, catalog, access),
    ...(await checkRows(sql, contract)),
    ...history,
    ...comparePrisma(prismaModels, catalog),
  ]
}
