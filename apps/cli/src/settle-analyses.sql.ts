// Generated from settle-analyses.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectAnalysisCounts = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { open: number; underWay: number; completed: number }
>(`
SELECT count(*) FILTER (WHERE a.state = 'pending'
    AND (a.analysis_not_before IS NULL OR a.analysis_not_before <= now())) AS open,
  count(*) FILTER (WHERE a.analysis_lease_token IS NOT NULL) AS "underWay",
  count(*) FILTER (WHERE a.state = 'completed') AS completed
FROM mediakeep.analyses a JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
WHERE a.sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1))`)
