import type { DailyBudget } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'

/** Returns true if the analyser's usage today, across all processes, has reached its budget (database's day, UTC). */
export async function isBudgetSpent(sql: Sql, analyser: string, budget: DailyBudget): Promise<boolean> {
  const { rows } = await sql.query<{ isSpent: boolean }>(
    `SELECT coalesce(tokens_used >= $2, false) OR coalesce(cost_usd >= $3, false) AS "isSpent"
     FROM mediakeep.analysis_usage WHERE analyser = $1 AND day = (now() AT TIME ZONE 'UTC')::date`,
    [analyser, budget.tokens ?? null, budget.usd ?? null],
  )
  return rows[0]?.isSpent ?? false
}
