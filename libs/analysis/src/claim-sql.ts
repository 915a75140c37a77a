import { appendToLog, LOG_TIMESTAMP } from '@mediakeep/analysis-status'
import { unseen } from '@mediakeep/sql'
import { logEntry, rowsShowing, SHARED, TOLD } from './project.ts'
import { PENDING } from './queue.ts'

/** Maximum number of rows that one lane contributes to a claim. */
const MOST_OF_LANE = 100

export interface ClaimParts {
  /** SQL over `q` (analyses), `c` (contents) and, with lanes, `lane`: the rows to take. */
  readonly where: string
  /** Must match the index that `where` uses. */
  readonly order: string
  /** A FROM item `lane`: lanes are tried one after another until the limit is reached. */
  readonly lanes?: string | undefined
  /** Numbers of the parameters; `started` is the log entry's text up to the attempt number. */
  readonly parameters: Readonly<Record<'worker' | 'started' | 'limit' | 'leaseSeconds' | 'token', number>>
}

// Uses the row's status at the time of the write: another analyser may just have failed permanently.
const AFTER = `CASE m.ai_analysis_status WHEN 'failed' THEN 'failed' ELSE 'started' END`
const ENTRY = `CASE WHEN r.is_first THEN r.entry ELSE ${SHARED} END`

/**
 * SQL: leases analyses, and updates the media that show their contents. A media row whose content has failed
 * permanently in another analyser stays failed. The content is locked too, so that nothing rejects it meanwhile.
 */
export function claimStatement({ where, order, lanes, parameters }: ClaimParts): string {
  const { worker, started, limit, leaseSeconds, token } = parameters
  // The inner limit makes the planner expect few rows for any parameter; rows are locked as they are requested.
  const pick = `SELECT q.analysis_id AS picked_id
    FROM mediakeep.analyses q JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
    WHERE ${PENDING} AND ${where}
      AND (q.analysis_not_before IS NULL OR q.analysis_not_before <= now())
      AND (q.analysis_lease_expires_at IS NULL OR q.analysis_lease_expires_at < now())
    ORDER BY ${order} LIMIT ${lanes === undefined ? `$${limit}` : MOST_OF_LANE}
    FOR UPDATE OF q SKIP LOCKED FOR NO KEY UPDATE OF c SKIP LOCKED`
  const picked =
    lanes === undefined
      ? pick
      : `SELECT p.picked_id FROM ${lanes} CROSS JOIN LATERAL (${pick}) p LIMIT ${unseen(limit, 'bigint')}`
  // The timestamp is taken after all rows are picked, so that it is later than the previous lock holder's last write.
  return `WITH picked AS MATERIALIZED (${picked}),
    claimed AS (
      UPDATE mediakeep.analyses q SET analysis_lease_token = $${token}, analysis_deaths = q.analysis_deaths + 1,
        analysis_lease_expires_at = now() + make_interval(secs => $${leaseSeconds}), worker = $${worker}
      FROM picked WHERE q.analysis_id = picked.picked_id RETURNING q.*),
    moment AS MATERIALIZED (SELECT ${LOG_TIMESTAMP} AS at FROM (SELECT count(*) FROM claimed) c),
    starting AS MATERIALIZED (
      SELECT q.sha256_sum, ${logEntry('moment.at', `'started'`, `$${started}::text || (q.analysis_attempts + 1) || '}}'`)} AS entry
      FROM claimed q CROSS JOIN moment),
    ${rowsShowing('starting')},
    written AS (
      UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = ${AFTER},
        ai_analysis_log = ${appendToLog('m.ai_analysis_log', `CASE m.ai_analysis_status WHEN 'failed' THEN jsonb_set(${ENTRY}, '{status}', '"failed"') ELSE ${ENTRY} END`)}
      FROM rows r WHERE m.media_id = r.media_id
      RETURNING m.media_id, m.post_id, r.before, m.ai_analysis_status AS after),
    ${TOLD}
    SELECT q.analysis_id AS id, q.analysis_attempts + 1 AS attempt, q.sha256_sum AS sha256, q.analyser,
      q.analyser_version AS "analyserVersion", r.media_id AS "mediaId", q.place, q.priority,
      c.media_type AS "mediaType", c.mime_type AS "mimeType", c.byte_size AS "byteSize", c.width, c.height, c.name,
      c.extension, q.analysis_lease_expires_at AS "expiresAt"
    FROM claimed q JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
      LEFT JOIN rows r ON r.sha256_sum = q.sha256_sum AND r.is_first
    ORDER BY ${order}`
}
