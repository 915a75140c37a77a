import type { Sql } from '@mediakeep/sql'
import { database } from './database.ts'

/**
 * Tables (ours and the given ones) whose rows policies may hide from this role, so that lists may be wrongly empty.
 */
async function tablesWithHiddenRows(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p') AND (nspname = ANY ($1) OR format('%I.%I', nspname, relname) = ANY ($2))
       AND row_security_active(pg_class.oid) ORDER BY 1`,
    [database.schemas, database.given],
  )
  return rows.map(({ name }) => name)
}

/** Health line: whether this role sees all rows. Never a failure, because policies may let every row through. */
export async function rowVisibility(sql: Sql): Promise<string> {
  const tables = await tablesWithHiddenRows(sql)
  if (tables.length === 0) return 'ok'
  return `row-level security may hide rows of ${tables.join(', ')} from this role: give it BYPASSRLS, or use the owner`
}
