import type { Sql } from '@mediakeep/sql'
import { planNext } from './plan.sql.ts'

const AT_ONCE = 500

/**
 * Creates the analyses of the configured set for verified contents: those never planned, and those not completed
 * that were planned for another set. Oldest first. @returns the number of contents examined
 */
export async function planAnalyses(sql: Sql, limit = AT_ONCE): Promise<number> {
  const { rows } = await planNext(sql, [limit])
  return rows[0]!.planned
}
