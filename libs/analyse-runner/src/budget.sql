-- @name selectIsSpent
-- @params analyser tokens usd
-- @notNull isSpent
SELECT coalesce(tokens_used >= $2, false) OR coalesce(cost_usd >= $3, false) AS "isSpent"
FROM mediakeep.analysis_usage WHERE analyser = $1 AND day = (now() AT TIME ZONE 'UTC')::date;
