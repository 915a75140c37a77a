import type { Sql } from '@mediakeep/sql'

/** Raises pending analyses of media to a priority: they are claimed before analyses of a lower priority. */
export async function prioritiseAnalyses(
  sql: Sql,
  mediaIds: readonly string[],
  priority: number,
): Promise<void> {
  await sql.query(
    `UPDATE mediakeep.analyses SET priority = $2 WHERE state = 'pending' AND priority < $2
       AND sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1))`,
    [mediaIds, priority],
  )
}
