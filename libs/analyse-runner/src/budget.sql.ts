// Generated from budget.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectIsSpent = statement<
  [analyser: string | null | undefined, tokens: number | null | undefined, usd: number | null | undefined],
  { isSpent: boolean }
>(`
SELECT coalesce(tokens_used >= $2, false) OR coalesce(cost_usd >= $3, false) AS "isSpent"
FROM mediakeep.analysis_usage WHERE analyser = $1 AND day = (now() AT TIME ZONE 'UTC')::date`)
