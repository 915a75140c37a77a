import type { Sql } from '@mediakeep/sql'
import { raisePriority } from './prioritise.sql.ts'

/** Raises pending analyses of media to a priority: they are claimed before analyses of a lower priority. */
export async function prioritiseAnalyses(
  sql: Sql,
  mediaIds: readonly string[],
  priority: number,
): Promise<void> {
  await raisePriority(sql, [mediaIds, priority])
}
