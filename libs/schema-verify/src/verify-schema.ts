import type { Database, Sql } from '@mediakeep/sql'
import type { Catalog, CatalogScope } from './catalog.ts'
import type { AccessOptions } from './compare-access.ts'
import { compareSchema, scopeOf } from './compare-schema.ts'
import type { Check, SchemaContract } from './contract.ts'
import { checkInvariants } from './invariants.ts'
import { readCatalog } from './read-catalog.ts'
import { sequenceInvariants } from './sequence-checks.ts'

/** Verification waits this long for a lock, so that it never delays other sessions. */
const LOCK_MS = 250

/**
 * Compares a database with a contract: one check for each object and one for each invariant. What the contract does
 * not name is ignored, except on tables in schemas that are wholly ours (see `compareExtras`).
 */
export function verifySchema(
  database: Database,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return readOnly(database, (sql) => checkSchema(sql, contract, access))
}

/** The same inside somebody's transaction, as `readOnly` gives. */
export async function checkSchema(
  sql: Sql,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return [...(await checkObjects(sql, contract, access)), ...(await checkRows(sql, contract))]
}

/** The objects alone, from the catalogue; no table is read. */
export async function checkObjects(
  sql: Sql,
  contract: SchemaContract,
  access: AccessOptions = {},
): Promise<Check[]> {
  return compareSchema(contract, await readCatalog(sql, scopeOf(contract, [], access)), access)
}

/** The rules for rows: the contract's own, and those that its sequences imply. */
export function checkRows(sql: Sql, contract: SchemaContract): Promise<Check[]> {
  return checkInvariants(sql, [...sequenceInvariants(contract), ...(contract.invariants ?? [])])
}

/**
 * One read-only snapshot, in which definitions are printed with the schemas of all that is not PostgreSQL's own. With
 * row security off, a rule for rows that policies hide is reported as not counted; it does not count as kept.
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

/** The catalogue of some schemas, read in one snapshot. */
export function readSchema(database: Database, scope: CatalogScope): Promise<Catalog> {
  return readOnly(database, (sql) => readCatalog(sql, scope))
}
