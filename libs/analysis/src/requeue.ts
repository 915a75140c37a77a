import type { Database } from '@mediakeep/sql'
import { AnalysisRangeError } from './errors.ts'
import { logRest, PROJECTED, stands } from './project.ts'

/** Which contents are asked for again; all conditions together. At least one of them. */
export interface RequeueSelection {
  readonly mediaIds?: readonly string[] | undefined
  readonly sha256s?: readonly string[] | undefined
  /** Contents of which a row has this status. */
  readonly status?: 'completed' | 'failed' | undefined
  /** Of those contents, these analysers alone; all configured ones unless told. */
  readonly analysers?: readonly string[] | undefined
  /** 0 to 9, the highest first in claims by priority; 0 unless told. */
  readonly priority?: number | undefined
  /** Contents at most. */
  readonly limit?: number | undefined
}

const CONTENTS_AT_ONCE = 500

/**
 * Asks for analyses again, configured ones that a content never had included. Attempts begin anew; results stay
 * until others replace them, and then among the earlier ones. What is leased goes on. @returns how many analyses
 *
 * @throws AnalysisRangeError
 */
export async function requeueAnalyses(db: Database, selection: RequeueSelection): Promise<number> {
  const { mediaIds, sha256s, status, analysers, priority = 0, limit = Infinity } = selection
  if (!mediaIds && !sha256s && !status) throw new AnalysisRangeError('A selection names media or a status')
  if (!Number.isInteger(priority) || priority < 0 || priority > 9) {
    throw new AnalysisRangeError('A priority is a number from 0 to 9')
  }
  let [requeued, contents, after] = [0, 0, '']
  while (contents < limit) {
    const from = after
    const page = Math.min(CONTENTS_AT_ONCE, limit - contents)
    const batch = await db.transaction(async (sql) => {
      const locked = await sql.query<{ sha256: string }>(SELECTED, [
        ...[mediaIds ?? null, sha256s ?? null, status ?? null, from, page],
      ])
      const chosen = locked.rows.map((row) => row.sha256)
      if (chosen.length === 0) return { chosen, count: 0 }
      const { rows } = await sql.query<{ count: number }>(REQUEUE, [
        chosen,
        analysers ?? null,
        priority,
        ENTRY,
      ])
      return { chosen, count: rows[0]!.count }
    })
    requeued += batch.count
    contents += batch.chosen.length
    if (batch.chosen.length < page) break
    after = batch.chosen.at(-1)!
  }
  return requeued
}

const ENTRY = logRest('ai_analysis_requeued', {})

const SELECTED = `SELECT c.sha256_sum AS sha256 FROM mediakeep.contents c
  WHERE c.inspected_at IS NOT NULL AND c.rejected_at IS NULL AND c.sha256_sum > $4
    AND ($2::text[] IS NULL OR c.sha256_sum = ANY ($2))
    AND ($1::text[] IS NULL OR c.sha256_sum IN (
      SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY ($1)))
    AND ($3::text IS NULL OR EXISTS (
      SELECT FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum AND m.ai_analysis_status = $3))
  ORDER BY c.sha256_sum LIMIT $5 FOR NO KEY UPDATE OF c`

const REQUEUE = `WITH changed AS (
    INSERT INTO mediakeep.analyses AS q (sha256_sum, analyser, analyser_version, media_type, priority)
    SELECT c.sha256_sum, g.name, g.version, c.media_type, $3::smallint
    FROM mediakeep.contents c JOIN mediakeep.analysers g ON c.media_type = ANY (g.media_types)
    WHERE c.sha256_sum = ANY ($1::text[]) AND ($2::text[] IS NULL OR g.name = ANY ($2))
    ORDER BY c.created_at, c.sha256_sum, g.name
    ON CONFLICT (sha256_sum, analyser, analyser_version) DO UPDATE SET state = 'pending', priority = excluded.priority,
      place = excluded.place, analysis_attempts = 0, analysis_not_before = NULL, error = NULL
    WHERE q.analysis_lease_token IS NULL
    RETURNING q.analysis_id, q.sha256_sum, q.analyser, true AS is_configured, q.state, false AS is_live, q.result,
      q.finished_at),
  news AS MATERIALIZED (SELECT DISTINCT q.sha256_sum, $4::text AS rest FROM changed q),
  ${stands('news n')},
  ${PROJECTED}
  SELECT count(*) AS count FROM changed`
