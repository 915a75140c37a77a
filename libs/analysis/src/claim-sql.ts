import { appendToLog, LOG_TIMESTAMP } from '@mediakeep/analysis-status'
import { logEntry, rowsShowing, SHARED, TOLD } from './project.ts'

// Uses the row's status at the time of the write: another analyser may just have failed permanently.
const AFTER = `CASE m.ai_analysis_status WHEN 'failed' THEN 'failed' ELSE 'started' END`
const ENTRY = `CASE WHEN r.is_first THEN r.entry ELSE ${SHARED} END`

/**
 * SQL: updates the rows that show the claimed contents. A row whose content has failed permanently in another
 * analyser stays failed. @param rest SQL of the log entry's text, up to the attempt number
 */
export function claimedRows(rest: string): string {
  // Take the timestamp after all rows are picked, so that it is later than the previous lock holder's last write.
  return `moment AS MATERIALIZED (SELECT ${LOG_TIMESTAMP} AS at FROM (SELECT count(*) FROM claimed) c),
    starting AS MATERIALIZED (
      SELECT q.sha256_sum, ${logEntry('moment.at', `'started'`, `${rest} || (q.analysis_attempts + 1) || '}}'`)} AS entry
      FROM claimed q CROSS JOIN moment),
    ${rowsShowing('starting')},
    written AS (
      UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = ${AFTER},
        ai_analysis_log = ${appendToLog('m.ai_analysis_log', `CASE m.ai_analysis_status WHEN 'failed' THEN jsonb_set(${ENTRY}, '{status}', '"failed"') ELSE ${ENTRY} END`)}
      FROM rows r WHERE m.media_id = r.media_id
      RETURNING m.media_id, m.post_id, r.before, m.ai_analysis_status AS after),
    ${TOLD}`
}

/** Joins and columns for an `AnalysisLease`. */
export const LEASE_FROM = `JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
  LEFT JOIN rows r ON r.sha256_sum = q.sha256_sum AND r.is_first`
export const LEASE_COLUMNS = `q.sha256_sum AS sha256, q.analyser, q.analyser_version AS "analyserVersion",
  r.media_id AS "mediaId", q.place, q.priority, c.media_type AS "mediaType", c.mime_type AS "mimeType",
  c.byte_size AS "byteSize", c.width, c.height, c.name, c.extension, q.analysis_lease_expires_at AS "expiresAt"`
