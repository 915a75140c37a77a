import { appendToLog, LOG_TIMESTAMP } from '@mediakeep/analysis-status'

const BEFORE = `coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started')`

/**
 * SQL: the rows that show the contents of `source`, with its columns and the rows' previous status. `is_first` marks
 * the row that the content is analysed for; the others share its result.
 */
export function rowsShowing(source: string): string {
  return `rows AS MATERIALIZED (
    SELECT o.media_id, o.post_id, ${BEFORE} AS before, s.*, row_number() OVER (PARTITION BY o.sha256_sum
      ORDER BY ${BEFORE} <> 'started', o.created_at, o.media_id) = 1 AS is_first
    FROM ${source} s JOIN public.post_media o ON o.sha256_sum = s.sha256_sum)`
}

/** SQL: inserts the event for `written` (media_id, post_id, before, after). Parsed once, from text: it is large. */
export const TOLD = `told AS (
    INSERT INTO mediakeep.events (kind, changes)
    SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
    FROM written w WHERE w.before <> w.after HAVING count(*) > 0)`

/**
 * SQL of a log entry. @param at its timestamp @param status the row's status after the event
 * @param rest the other members, as written by `logRest`
 */
export function logEntry(at: string, status: string, rest: string): string {
  return `('{"timestamp":"' || ${at} || '","status":"' || ${status} || '",' || ${rest})::jsonb`
}

/** The members of a log entry except time and status, which SQL adds; undefined details are left out. */
export function logRest(event: string, details: Readonly<Record<string, unknown>>, model?: string): string {
  return JSON.stringify({ event, ...(model !== undefined && { model }), details }).slice(1)
}

/** SQL: the log entry of a row `r` that shares another row's analysis. */
export const SHARED = `jsonb_set(r.entry, '{details,shared}', 'true')`
/** Requeued while another analyser is running: the row is reset to not started, then started again for that one. */
const RESUMED = `jsonb_build_array(jsonb_set(r.entry, '{status}', '"not_started"'),
  jsonb_set(r.entry, '{event}', '"ai_analysis_started"'))`

/**
 * SQL: the state of contents once `changed` is applied, over all their analyses, or only the configured ones if there
 * are any. A permanent failure takes precedence; then a lease; then whether all are completed.
 *
 * `changed`: analysis_id, sha256_sum, analyser, is_configured, state, is_live, result, finished_at, rest (of the log
 * entry, one per content).
 * @param contents SQL that returns their checksums as sha256_sum, without duplicates
 */
export function stands(contents: string): string {
  return `others AS MATERIALIZED (
    SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
      a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
      NULL::text AS rest
    FROM ${contents} JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
    LEFT JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
    WHERE a.analysis_id NOT IN (SELECT c.analysis_id FROM changed c)),
  stands AS MATERIALIZED (
    SELECT e.sha256_sum, CASE
      WHEN coalesce(bool_or(e.state = 'failed') FILTER (WHERE e.is_configured), bool_or(e.state = 'failed'))
        THEN 'failed'
      WHEN bool_or(e.is_live) THEN 'started'
      WHEN coalesce(bool_and(e.state = 'completed') FILTER (WHERE e.is_configured), bool_and(e.state = 'completed'))
        THEN 'completed'
      ELSE 'not_started' END AS status,
      coalesce(jsonb_object_agg(e.analyser, e.result)
        FILTER (WHERE e.state = 'completed' AND e.analyser <> 'none'), '{}') AS analysis,
      max(e.finished_at) AS finished_at, max(e.rest) AS rest
    FROM (SELECT * FROM others UNION ALL
      SELECT sha256_sum, analyser, is_configured, state, is_live, result, finished_at, rest FROM changed
      ORDER BY is_configured) e
    GROUP BY e.sha256_sum)`
}

/** SQL: writes `stands` to the rows, appends to their logs, and inserts the event. */
export const PROJECTED = `moment AS MATERIALIZED (SELECT ${LOG_TIMESTAMP} AS at),
  newly AS MATERIALIZED (
    SELECT s.*, ${logEntry('moment.at', 's.status', 's.rest')} AS entry FROM stands s CROSS JOIN moment),
  ${rowsShowing('newly')},
  written AS (
    UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = r.status,
      ai_analysis = CASE r.status WHEN 'completed' THEN r.analysis::text ELSE m.ai_analysis END,
      ai_analyzed_at = CASE r.status WHEN 'completed' THEN r.finished_at ELSE m.ai_analyzed_at END,
      ai_analysis_log = ${appendToLog('m.ai_analysis_log', `CASE WHEN r.before = 'failed' AND r.status = 'started' THEN ${RESUMED} WHEN r.is_first AND r.before <> 'not_started' THEN r.entry ELSE ${SHARED} END`)}
    FROM rows r WHERE m.media_id = r.media_id
    RETURNING m.media_id, m.post_id, r.before, r.status AS after),
  ${TOLD}`
