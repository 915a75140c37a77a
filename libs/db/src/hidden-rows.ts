import { tablesWithHiddenRows } from '@mediakeep/schema-verify'
import type { Sql } from '@mediakeep/sql'
import { contract } from './contract.ts'

/** Health line: whether this role sees all rows. Never a failure, because policies may let every row through. */
export async function rowVisibility(sql: Sql): Promise<string> {
  const tables = await tablesWithHiddenRows(sql, [...new Set(contract.tables.map(({ table }) => table))])
  if (tables.length === 0) return 'ok'
  return `row-level security may hide rows of ${tables.join(', ')} from this role: give it BYPASSRLS, or use the owner`
}
