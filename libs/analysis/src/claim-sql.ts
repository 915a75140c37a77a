import { appendToLog, logEvent } from '@mediakeep/analysis-status'
import { DETAILS, rowsShowing, TOLD } from './project.ts'

const AFTER = `CASE r.before WHEN 'failed' THEN 'failed' ELSE 'started' END`
const EVENT = logEvent({ event: `'ai_analysis_started'`, status: AFTER, details: DETAILS })

/**
 * SQL: what a claim writes on the rows that show the claimed contents. A row whose content has failed for good by
 * another analyser stays failed.
 */
export const claimedRows = `starting AS (
      SELECT q.sha256_sum, jsonb_build_object('analyser', q.analyser, 'version', q.analyser_version,
        'attempt', q.analysis_attempts, 'worker', q.worker) AS details FROM claimed q),
    ${rowsShowing('starting')},
    marked AS (SELECT r.*, NOT r.is_first AS is_shared FROM ranked r),
    written AS (
      UPDATE public.post_media m SET updated_at = now(),
        ai_analysis_status = ${AFTER},
        ai_analysis_log = ${appendToLog('m.ai_analysis_log', EVENT)}
      FROM marked r WHERE m.media_id = r.media_id
      RETURNING m.media_id, m.post_id, r.before, m.ai_analysis_status AS after),
    ${TOLD},
    oldest AS (
      SELECT DISTINCT ON (r.sha256_sum) r.sha256_sum, r.media_id FROM rows r
      ORDER BY r.sha256_sum, r.created_at, r.media_id)`

/** Joins and columns of an `AnalysisLease`. */
export const LEASE_FROM = `JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
  LEFT JOIN oldest o ON o.sha256_sum = q.sha256_sum`
export const LEASE_COLUMNS = `q.sha256_sum AS sha256, q.analyser, q.analyser_version AS "analyserVersion",
  o.media_id AS "mediaId", q.place, q.priority, c.media_type AS "mediaType", c.mime_type AS "mimeType",
  c.byte_size AS "byteSize", c.width, c.height, c.name, c.extension, q.analysis_lease_expires_at AS "expiresAt"`
