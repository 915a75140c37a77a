import type { Database, Sql } from '@mediakeep/sql'
import type { Catalog, CatalogScope } from './catalog.ts'
import type { AccessOptions } from './compare-access.ts'
import { compareSchema, scopeOf } from './compare-schema.ts'
import type { Check, SchemaContract } from './contract.ts'
import { checkInvariants } from './invariants.ts'
import { readCatalog } from './read-catalog.ts'
import { sequenceInvariants } from './sequence-checks.ts'
import { checkVisibility } from './visibility-checks.ts'

/** Milliseconds that verification waits for a lock; short, so that it never delays other sessions. */
const LOCK_MS = 250

/**
 * Compares a database with a contract: one check for each object and one for each invariant. Ignores anything the
 * contract does not name, except on tables in schemas that are wholly ours (see `compareExtras`).
 */
export function verifySchema(
  database: Database,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return readOnly(database, (sql) => checkSchema(sql, contract, access))
}

/** Same as `verifySchema`, inside an existing transaction such as the one `readOnly` opens. */
export async function checkSchema(
  sql: Sql,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return [...(await checkObjects(sql, contract, access)), ...(await checkRows(sql, contract))]
}

/** Checks only the objects, from the catalogue; reads no table. */
export async function checkObjects(
  sql: Sql,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return compareSchema(contract, await readCatalog(sql, scopeOf(contract, [], access)), access)
}

/** Checks that this role sees all rows, and the rules for rows: the contract's own, and those its sequences imply. */
export async function checkRows(sql: Sql, contract: SchemaContract): Promise<Check[]> {
  return [
    ...(await checkVisibility(sql, contract)),
    ...(await checkInvariants(sql, [...sequenceInvariants(contract), ...(contract.invariants ?? [])])),
  ]
}

/**
 * Runs `work` in one read-only snapshot, in which definitions qualify all names that are not PostgreSQL's own. Row
 * security is off, so a rule whose rows are hidden by a policy is reported as not counted instead of as satisfied.
 */
export function readOnly<Result>(database: Database, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  return database.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await sql.query(
      `SELECT set_config('search_path', 'pg_catalog', true), set_config('lock_timeout', '${LOCK_MS}ms', true),
         set_config('quote_all_identifiers', 'off', true), set_config('row_security', 'off', true),
         set_config('max_parallel_workers_per_gather', '0', true)`,
    )
    return work(sql)
  })
}

/** Reads the catalogue of some schemas, in one snapshot. */
export function readSchema(database: Database, scope: CatalogScope): Promise<Catalog> {
  return readOnly(database, (sql) => readCatalog(sql, scope))
}
