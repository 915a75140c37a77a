import { appendToLog, logEvent } from '@mediakeep/analysis-status'

const BEFORE = `coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started')`

/**
 * SQL: the rows that show the contents of `source`, locked in the order of their ids so that nobody deadlocks, with
 * the columns of `source` and the status they had. `is_own`: the content is analysed for this one, the others share.
 */
export function rowsShowing(source: string): string {
  return `rows AS MATERIALIZED (
    SELECT m.media_id, m.post_id, m.created_at, ${BEFORE} AS before, s.*
    FROM ${source} s JOIN public.post_media m ON m.sha256_sum = s.sha256_sum
    ORDER BY m.media_id FOR NO KEY UPDATE OF m),
  ranked AS MATERIALIZED (
    SELECT r.*, row_number() OVER (
      PARTITION BY r.sha256_sum ORDER BY r.before <> 'started', r.created_at, r.media_id) = 1 AS is_first
    FROM rows r)`
}

/** SQL: the event of the changes that `written` (media_id, post_id, before, after) made. */
export const TOLD = `told AS (
    INSERT INTO mediakeep.events (kind, changes)
    SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', w.media_id, 'postId', w.post_id, 'what', 'analysis',
      'from', w.before, 'to', w.after))
    FROM written w WHERE w.before <> w.after HAVING count(*) > 0)`

/** SQL: `details` of a log event of the ranked row `r`, marked where the row shares another's analysis. */
export const DETAILS = `CASE WHEN r.is_shared THEN r.details || '{"shared": true}' ELSE r.details END`

/** Requeued while another analyser is at work: the row is asked for again, and that one goes on. */
const RESUMED = `r.before = 'failed' AND r.status = 'started'`
const EVENT = logEvent({
  event: 'r.event',
  status: `CASE WHEN ${RESUMED} THEN 'not_started' ELSE r.status END`,
  model: 'r.model',
  details: DETAILS,
})
const GOES_ON = logEvent({ event: `'ai_analysis_started'`, status: `'started'`, details: DETAILS })

/**
 * SQL: where contents stand once `changed` is done: over all their analyses, configured ones alone where there are
 * any. One that failed for good decides; then one that is leased; then whether all are completed.
 *
 * `changed`: analysis_id, sha256_sum, analyser, is_configured, state, is_live, result. `news`: sha256_sum (once each),
 * event, model, details; what the rows' logs say.
 */
export const STANDS = `others AS MATERIALIZED (
    SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
      a.analysis_lease_token IS NOT NULL AS is_live, a.result
    FROM news n JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
    LEFT JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
    WHERE NOT EXISTS (SELECT FROM changed c WHERE c.analysis_id = a.analysis_id)),
  whole AS (
    SELECT e.*, bool_or(e.is_configured) OVER (PARTITION BY e.sha256_sum) AS has_configured FROM (
      SELECT sha256_sum, analyser, is_configured, state, is_live, result FROM changed
      UNION ALL SELECT * FROM others) e),
  stands AS MATERIALIZED (
    SELECT w.sha256_sum, CASE
      WHEN bool_or(w.state = 'failed' AND w.is_configured = w.has_configured) THEN 'failed'
      WHEN bool_or(w.is_live) THEN 'started'
      WHEN bool_and(w.state = 'completed' OR w.is_configured <> w.has_configured) THEN 'completed'
      ELSE 'not_started' END AS status,
      jsonb_object_agg(w.analyser, w.result) FILTER (
        WHERE w.state = 'completed' AND w.is_configured = w.has_configured) AS analysis
    FROM whole w GROUP BY w.sha256_sum)`

/** SQL: projects `stands` with its `news` on the rows, logs it, and tells of it. */
export const PROJECTED = `newly AS MATERIALIZED (
    SELECT s.*, n.event, n.model, n.details FROM stands s JOIN news n ON n.sha256_sum = s.sha256_sum),
  ${rowsShowing('newly')},
  marked AS (SELECT r.*, r.before = 'not_started' OR NOT r.is_first AS is_shared FROM ranked r),
  written AS (
    UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = r.status,
      ai_analysis = CASE r.status WHEN 'completed' THEN r.analysis::text ELSE m.ai_analysis END,
      ai_analyzed_at = CASE r.status WHEN 'completed' THEN now() ELSE m.ai_analyzed_at END,
      ai_analysis_log = CASE WHEN ${RESUMED} THEN ${appendToLog(appendToLog('m.ai_analysis_log', EVENT), GOES_ON)}
        ELSE ${appendToLog('m.ai_analysis_log', EVENT)} END
    FROM marked r WHERE m.media_id = r.media_id
    RETURNING m.media_id, m.post_id, r.before, r.status AS after),
  ${TOLD}`
