import type { Database, Sql, SqlResult } from '@mediakeep/sql'
import { AnalysisRangeError } from './errors.ts'
import { logRest } from './project.ts'
import { requeueContents } from './requeue.sql.ts'

/** Selects the contents to requeue; conditions are combined with AND. At least one of the first three is required. */
export interface RequeueSelection {
  readonly mediaIds?: readonly string[] | undefined
  readonly sha256s?: readonly string[] | undefined
  /** Contents that have a row with this status. */
  readonly status?: 'completed' | 'failed' | undefined
  /** Requeue only these analysers; default: all configured ones. */
  readonly analysers?: readonly string[] | undefined
  /** 0 to 9; claims by priority take the highest first. Default 0. */
  readonly priority?: number | undefined
  /** Maximum number of contents. */
  readonly limit?: number | undefined
}

const CONTENTS_AT_ONCE = 500

/**
 * Requeues analyses, including configured ones that a content never had. If a content failed, its completed analyses
 * stay completed: they may have been paid for. Attempts restart at zero; old results stay until new ones replace
 * them, and are then kept as earlier results. Leased analyses continue. @returns the number of analyses
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
      const found = (await selectContents(sql, selection, from, page)).rows
      const chosen = found.filter(({ isUsable }) => isUsable).map(({ sha256 }) => sha256)
      const { rows } = await requeueContents(sql, [chosen, analysers ?? null, priority, ENTRY])
      return { found, count: rows[0]!.count }
    })
    requeued += batch.count
    contents += batch.found.length
    if (batch.found.length < page) break
    after = batch.found.at(-1)!.sha256
  }
  return requeued
}

const ENTRY = logRest('ai_analysis_requeued', {})

interface Selected {
  readonly sha256: string
  /** True if inspected and not rejected; the content is then locked. */
  readonly isUsable: boolean
}

/** Contents in the order of their checksums; each condition uses its own index. */
function selectContents(
  sql: Sql,
  { mediaIds, sha256s, status }: RequeueSelection,
  after: string,
  limit: number,
): Promise<SqlResult<Selected>> {
  const values: unknown[] = [after, limit]
  const place = (value: unknown): string => `$${values.push(value)}`
  const shown = ['m.sha256_sum > $1']
  if (mediaIds) shown.push(`m.media_id = ANY (${place(mediaIds)})`)
  if (sha256s) shown.push(`m.sha256_sum = ANY (${place(sha256s)})`)
  if (status) shown.push(`m.ai_analysis_status = ${place(status)}`)
  return sql.query<Selected>(
    `SELECT s.sha256_sum AS sha256, c.sha256_sum IS NOT NULL AS "isUsable" FROM (
       SELECT DISTINCT m.sha256_sum FROM public.post_media m WHERE ${shown.join(' AND ')}
       ORDER BY m.sha256_sum LIMIT $2) s
     LEFT JOIN LATERAL (
       SELECT c.sha256_sum FROM mediakeep.contents c WHERE c.sha256_sum = s.sha256_sum
         AND c.inspected_at IS NOT NULL AND c.rejected_at IS NULL FOR NO KEY UPDATE) c ON true
     ORDER BY s.sha256_sum`,
    values,
  )
}
