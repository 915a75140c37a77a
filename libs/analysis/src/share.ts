import { appendToLog, logEvent } from '@mediakeep/analysis-status'
import type { Database, Sql } from '@mediakeep/sql'
import { endAttempts } from './endings.ts'
import { stands, TOLD } from './project.ts'
import type { LeaseKey } from './queue.ts'

/**
 * Brings rows of contents that are known to where their content stands: a duplicate that arrives later takes the
 * result without a new analysis. Locks the contents first; run it in the transaction that brings the rows, after it
 * has locked those contents itself. @returns how many rows it wrote
 */
export async function shareAnalyses(sql: Sql, sha256s: readonly string[]): Promise<number> {
  if (sha256s.length === 0) return 0
  const { rows } = await sql.query<{ shared: number }>(SHARE, [[...new Set(sha256s)]])
  return rows[0]!.shared
}

const CONTENTS_AT_ONCE = 500

/**
 * The safety net: looks through contents, gives back leases that expired unseen, and puts right what rows say.
 * @param after the checksum after which to begin @returns how many it found, and where to go on; undefined at the end
 */
export async function repairAnalyses(
  db: Database,
  after: string,
): Promise<{ readonly repaired: number; readonly next: string | undefined }> {
  const { rows: expired } = await db.query<LeaseKey>(EXPIRED, [after])
  await endAttempts(
    db,
    expired.map(({ id, token }) => ({ id, token, event: 'expired' as const })),
  )
  return await db.transaction(async (sql) => {
    const { rows } = await sql.query<{ sha256: string }>(
      `SELECT c.sha256_sum AS sha256 FROM mediakeep.contents c WHERE c.sha256_sum > $1
       ORDER BY c.sha256_sum LIMIT ${CONTENTS_AT_ONCE} FOR NO KEY UPDATE`,
      [after],
    )
    const sha256s = rows.map((row) => row.sha256)
    const shared = await shareAnalyses(sql, sha256s)
    return { repaired: expired.length + shared, next: sha256s[CONTENTS_AT_ONCE - 1] }
  })
}

const EXPIRED = `SELECT q.analysis_id AS id, q.analysis_lease_token AS token
  FROM (SELECT c.sha256_sum FROM mediakeep.contents c WHERE c.sha256_sum > $1
    ORDER BY c.sha256_sum LIMIT ${CONTENTS_AT_ONCE}) s
  JOIN mediakeep.analyses q ON q.sha256_sum = s.sha256_sum
  WHERE q.analysis_lease_token IS NOT NULL AND q.analysis_lease_expires_at < now()`

const EVENT = logEvent({ event: 'r.event', status: 'r.status', details: `'{"shared": true}'` })

const SHARE = `WITH changed AS (
    SELECT NULL::text AS analysis_id, NULL::text AS sha256_sum, NULL::text AS analyser, NULL::boolean AS is_configured,
      NULL::text AS state, NULL::boolean AS is_live, NULL::jsonb AS result,
      NULL::timestamptz AS finished_at, NULL::text AS rest WHERE false),
  ${stands('unnest($1::text[]) n (sha256_sum)')},
  rows AS MATERIALIZED (
    SELECT m.media_id, m.post_id, s.status, s.analysis, s.finished_at,
      coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started') AS before
    FROM stands s JOIN public.post_media m ON m.sha256_sum = s.sha256_sum
    WHERE m.ai_analysis_status IS DISTINCT FROM s.status AND m.fate <> 'rejected'
    ORDER BY m.media_id FOR NO KEY UPDATE OF m),
  marked AS (
    SELECT r.*, CASE r.status WHEN 'not_started' THEN 'ai_analysis_requeued'
      ELSE 'ai_analysis_' || r.status END AS event
    FROM rows r),
  written AS (
    UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = r.status,
      ai_analysis = CASE r.status WHEN 'completed' THEN r.analysis::text ELSE m.ai_analysis END,
      ai_analyzed_at = CASE r.status WHEN 'completed' THEN r.finished_at ELSE m.ai_analyzed_at END,
      ai_analysis_log = ${appendToLog('m.ai_analysis_log', EVENT)}
    FROM marked r WHERE m.media_id = r.media_id
    RETURNING m.media_id, m.post_id, r.before, r.status AS after),
  ${TOLD}
  SELECT count(*) AS shared FROM written`
