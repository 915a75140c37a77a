import type { Database, Sql } from '@mediakeep/sql'
import { readCatalog, type Catalog, type CatalogScope } from './catalog.ts'
import { compareSchema, scopeOf } from './compare-schema.ts'
import type { Check, SchemaContract } from './contract.ts'
import { checkInvariants } from './invariants.ts'

/** Nobody is to notice: what is locked is left alone. */
const LOCK_MS = 250

/**
 * Holds a database against a contract, one check an object and one an invariant. Tables, columns, indexes and
 * whatever else the contract does not name are not looked at.
 */
export function verifySchema(database: Database, contract: SchemaContract): Promise<Check[]> {
  return readOnly(database, (sql) => checkSchema(sql, contract))
}

/** The same inside somebody's transaction, as `readOnly` gives. */
export async function checkSchema(sql: Sql, contract: SchemaContract): Promise<Check[]> {
  const catalog = await readCatalog(sql, scopeOf(contract))
  return [...compareSchema(contract, catalog), ...(await checkInvariants(sql, contract.invariants ?? []))]
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
