import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'
import { retriesDownload } from './queues.ts'

/** Moves failed rows that are due for a retry into the queue, where the deadline decides. */
export async function promoteRetries(sql: Sql): Promise<void> {
  await sql.query(
    `WITH due AS MATERIALIZED (
       SELECT q.media_id FROM public.post_media q
       WHERE ${retriesDownload('q')} AND q.download_not_before <= now()
       ORDER BY q.download_not_before, q.media_id LIMIT 1000 FOR UPDATE SKIP LOCKED),
     promoted AS (
       UPDATE public.post_media q SET fate = 'waiting', download_not_before = NULL
       FROM due WHERE q.media_id = due.media_id RETURNING q.media_id, q.post_id)
     ${reportChanges(`SELECT p.*, 'fate' AS what, 'failed' AS old_status, 'waiting' AS new_status FROM promoted p`)}`,
  )
}
