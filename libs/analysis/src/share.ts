import { appendToLog, logEvent } from '@mediakeep/analysis-status'
import type { Database, Sql } from '@mediakeep/sql'
import { endAttempts } from './endings.ts'
import { stands, TOLD } from './project.ts'
import type { LeaseKey } from './queue.ts'

/**
 * Copies the status and result of a known content to rows that just began to show it, without a new analysis. First
 * stores a result that another tool left on such a row as the content's analysis "older".
 * Run it in the transaction that writes the rows, after their contents are locked. @returns the number of rows written
 */
export async function shareAnalyses(
  sql: Sql,
  { mediaIds }: { readonly mediaIds: readonly string[] },
): Promise<number> {
  if (mediaIds.length === 0) return 0
  const { rows } = await sql.query<{ shared: number }>(SHARE_WITH_MEDIA, [mediaIds], { prepare: true })
  return rows[0]!.shared
}

const CONTENTS_AT_ONCE = 500

/**
 * The safety net: scans contents, returns expired leases that went unnoticed, and corrects the rows.
 * @param after start after this checksum @returns the number of repairs, and where to continue; undefined at the end
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
    if (sha256s.length === 0) return { repaired: expired.length, next: undefined }
    const shared = await sql.query<{ shared: number }>(SHARE_WITH_ALL, [sha256s])
    return { repaired: expired.length + shared.rows[0]!.shared, next: sha256s[CONTENTS_AT_ONCE - 1] }
  })
}

const EXPIRED = `SELECT q.analysis_id AS id, q.analysis_lease_token AS token
  FROM (SELECT c.sha256_sum FROM mediakeep.contents c WHERE c.sha256_sum > $1
    ORDER BY c.sha256_sum LIMIT ${CONTENTS_AT_ONCE}) s
  JOIN mediakeep.analyses q ON q.sha256_sum = s.sha256_sum
  WHERE q.analysis_lease_token IS NOT NULL AND q.analysis_lease_expires_at < now()`

const EVENT = logEvent({ event: 'r.event', status: 'r.status', details: `'{"shared": true}'` })

// Our own results are objects with an entry per analyser, in PostgreSQL's jsonb format. Anything else is from another
// tool and would be lost when ours is written.
const IS_FOREIGN = `m.ai_analysis_status = 'completed' AND m.ai_analysis <> '{}' AND NOT EXISTS (
      SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = m.sha256_sum
        AND (a.analyser = 'older' OR starts_with(m.ai_analysis, '{"' || a.analyser || '": ')))`

const KEEP_FOREIGN = `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, result,
      search_text, finished_at)
    SELECT DISTINCT ON (m.sha256_sum) m.sha256_sum, 'older', '0', c.media_type, 'completed',
      jsonb_build_object('text', m.ai_analysis), left(m.ai_analysis, 100000), coalesce(m.ai_analyzed_at, now())
    FROM public.post_media m JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
    WHERE m.media_id = ANY ($1::text[]) AND ${IS_FOREIGN}
      AND EXISTS (SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = m.sha256_sum)
    ORDER BY m.sha256_sum, m.ai_analyzed_at DESC NULLS LAST ON CONFLICT DO NOTHING
    RETURNING analysis_id, sha256_sum, analyser, false AS is_configured, state, false AS is_live, result, finished_at,
      NULL::text AS rest`

// Finished statuses are reopened first; the hand-in or the safety net takes the next step.
const IS_REOPENED = `r.before = 'completed' OR (r.before = 'failed' AND r.status = 'started')`

const NOTHING = `SELECT NULL::text AS analysis_id, NULL::text AS sha256_sum, NULL::text AS analyser,
      NULL::boolean AS is_configured, NULL::text AS state, NULL::boolean AS is_live, NULL::jsonb AS result,
      NULL::timestamptz AS finished_at, NULL::text AS rest WHERE false`

interface ShareParts {
  /** SQL: the analyses changed by the statement itself, in the columns that `stands` reads. */
  readonly changed: string
  /** SQL: the contents as `n (sha256_sum)`, each once. */
  readonly contents: string
  /** SQL: the rows `m` of the contents `s`. */
  readonly rows: string
}

const share = ({ changed, contents, rows }: ShareParts): string => `WITH changed AS (${changed}),
  ${stands(contents)},
  rows AS MATERIALIZED (
    SELECT m.media_id, m.post_id, s.status, s.analysis, s.finished_at,
      coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started') AS before
    FROM stands s JOIN ${rows}
    WHERE m.ai_analysis_status IS DISTINCT FROM s.status AND m.fate <> 'rejected'
    ORDER BY m.media_id FOR NO KEY UPDATE OF m),
  stepped AS (
    SELECT r.media_id, r.post_id, r.analysis, r.finished_at, r.before, CASE WHEN ${IS_REOPENED}
      THEN 'not_started' ELSE r.status END AS status FROM rows r),
  marked AS (
    SELECT r.*, CASE r.status WHEN 'not_started' THEN 'ai_analysis_requeued'
      ELSE 'ai_analysis_' || r.status END AS event
    FROM stepped r),
  written AS (
    UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = r.status,
      ai_analysis = CASE r.status WHEN 'completed' THEN r.analysis::text ELSE m.ai_analysis END,
      ai_analyzed_at = CASE r.status WHEN 'completed' THEN r.finished_at ELSE m.ai_analyzed_at END,
      ai_analysis_log = ${appendToLog('m.ai_analysis_log', EVENT)}
    FROM marked r WHERE m.media_id = r.media_id
    RETURNING m.media_id, m.post_id, r.before, r.status AS after),
  ${TOLD}
  SELECT count(*) AS shared FROM written`

const SHARE_WITH_ALL = share({
  changed: NOTHING,
  contents: 'unnest($1::text[]) n (sha256_sum)',
  rows: 'public.post_media m ON m.sha256_sum = s.sha256_sum',
})

// Select only the new rows: a popular content may have a million others.
const SHARE_WITH_MEDIA = share({
  changed: KEEP_FOREIGN,
  contents: `(SELECT DISTINCT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY ($1::text[])) n`,
  rows: 'public.post_media m ON m.sha256_sum = s.sha256_sum AND m.media_id = ANY ($1::text[])',
})
