import type { DailyBudget } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import { selectIsSpent } from './budget.sql.ts'

/** Returns true if the analyser's usage today, across all processes, has reached its budget (database's day, UTC). */
export async function isBudgetSpent(sql: Sql, analyser: string, budget: DailyBudget): Promise<boolean> {
  const { rows } = await selectIsSpent(sql, [analyser, budget.tokens ?? null, budget.usd ?? null])
  return rows[0]?.isSpent ?? false
}
