import type { Sql } from '@mediakeep/sql'
import { check } from './check.ts'
import type { Check, SchemaContract } from './contract.ts'
import { kindOf } from './ddl.ts'

const ALL = 'all visible to this role'

/**
 * Returns those of the tables whose rows row-level security may hide from this role. Its queries then miss rows
 * without an error, so that lists look empty and the rules for rows look satisfied.
 */
export async function tablesWithHiddenRows(sql: Sql, tables: readonly string[]): Promise<string[]> {
  // Does not depend on the setting row_security, and is false for owners, superusers and BYPASSRLS.
  // By the catalogue, because resolving a name needs privileges on its schema.
  const { rows } = await sql.query<{ table: string }>(
    `SELECT n.nspname || '.' || c.relname AS table FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname || '.' || c.relname = ANY ($1) AND row_security_active(c.oid) ORDER BY 1`,
    [tables],
  )
  return rows.map(({ table }) => table)
}

/** One check for each table of the contract: this role sees all its rows. */
export async function checkVisibility(sql: Sql, contract: SchemaContract): Promise<Check[]> {
  const tables = tablesOf(contract)
  const hidden = await tablesWithHiddenRows(sql, tables)
  const { rows } = await sql.query<{ role: string }>('SELECT quote_ident(current_user) AS role')
  const { role } = rows[0]!
  return tables.map((table) => {
    const actual = hidden.includes(table) ? `row-level security may hide rows from ${role}` : ALL
    return check(`rows of ${table}`, ALL, actual, `ALTER ROLE ${role} BYPASSRLS`)
  })
}

/** Several parts of a contract may describe the same table. Views have no row security of their own. */
function tablesOf({ tables }: SchemaContract): string[] {
  return [...new Set(tables.filter((table) => kindOf(table) === 'table').map(({ table }) => table))]
}
