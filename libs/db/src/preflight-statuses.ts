import { note, refusal, type Finding, type Migration } from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'

const KNOWN = ['not_started', 'started', 'completed', 'failed', 'pending']
/** Old analysers set this on a row while they work on it. */
const OLD = 'processing'
const TRACKING = 'add_media_tracking_columns'
const BATCH = 2000

/** Finds statuses that their CHECK constraint would reject. */
export async function checkStatuses(sql: Sql): Promise<Finding[]> {
  if (!(await hasStatus(sql))) return []
  const { rows } = await sql.query<{ status: string; count: string }>(
    `SELECT ai_analysis_status AS status, count(*)::text AS count FROM public.post_media
     WHERE ai_analysis_status <> ALL ($1) GROUP BY 1 ORDER BY 1`,
    [KNOWN],
  )
  return rows.map(({ status, count }) =>
    status === OLD
      ? note(
          `${count} rows of public.post_media have the analysis status ${OLD}, which becomes not_started`,
          `Stop the old analyser first: its next write of ${OLD} would be refused`,
        )
      : refusal(
          `${count} rows of public.post_media have the unknown analysis status ${JSON.stringify(status)}`,
          `Stop the program that writes it, then set ai_analysis_status to one of ${KNOWN.slice(0, 4).join(', ')}`,
        ),
  )
}

/** Requeues rows that an old analyser left in progress, in batches small enough not to disturb other sessions. */
export async function mapOldStatuses(
  sql: Sql,
  pending: readonly Migration[],
  log: (line: string) => void,
): Promise<void> {
  if (!pending.some(({ title }) => title === TRACKING) || !(await hasStatus(sql))) return
  let mapped = 0
  for (let last = BATCH; last === BATCH; mapped += last) {
    const { rowCount } = await sql.query(
      `UPDATE public.post_media SET ai_analysis_status = 'not_started' WHERE media_id IN (
         SELECT media_id FROM public.post_media WHERE ai_analysis_status = $1 LIMIT $2 FOR UPDATE)`,
      [OLD, BATCH],
    )
    last = rowCount
  }
  if (mapped > 0) log(`${mapped} rows of post_media had the status ${OLD} and are now not_started`)
}

async function hasStatus(sql: Sql): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.post_media') AND attname = 'ai_analysis_status'
     AND NOT attisdropped`,
  )
  return rowCount > 0
}
