// Generated from analysis-stats.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Each count uses the partial index on the rows it counts.
 */
export const selectQueues = statement<
  [],
  { analyser: string; waiting: number; started: number; failed: number; oldestWaitingAt: Date | null }
>(`
SELECT g.name || '@' || g.version AS analyser, new.count + due.count AS waiting, held.count AS started,
  failed.count AS failed, least(new.oldest, due.oldest) AS "oldestWaitingAt"
FROM mediakeep.analysers g
CROSS JOIN LATERAL (
  SELECT count(*), (
    SELECT q.created_at FROM mediakeep.analyses q
    WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
      AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NULL ORDER BY q.place LIMIT 1) AS oldest
  FROM mediakeep.analyses q
  WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
    AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NULL) new
CROSS JOIN LATERAL (
  SELECT count(*), min(q.created_at) AS oldest FROM mediakeep.analyses q
  WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
    AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NOT NULL) due
CROSS JOIN LATERAL (
  SELECT count(*) FROM mediakeep.analyses q
  WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
    AND q.analysis_lease_token IS NOT NULL) held
CROSS JOIN LATERAL (
  SELECT count(*) FROM mediakeep.analyses q
  WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'failed') failed
ORDER BY 1`)

export const selectRefused = statement<
  [],
  { value: number }
>(`
SELECT value FROM mediakeep.counters WHERE name = 'analysis_refused'`)
