import { shareAnalyses } from '@mediakeep/analysis'
import type { Content } from '@mediakeep/content'
import { settleAdopted } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'

/**
 * Makes rows show an adopted content, with its status of analysis. A result that another tool left on such a row is
 * kept as an analysis of the content, so that ours does not replace it. @returns the ids of the changed rows
 */
export async function adoptRows(
  db: Database,
  cacheId: string,
  content: Content,
  mediaIds: readonly string[],
): Promise<string[]> {
  return db.transaction(async (sql) => {
    await sql.query('SELECT FROM mediakeep.contents c WHERE c.sha256_sum = $1 FOR NO KEY UPDATE', [
      content.sha256,
    ])
    const changed = await settleAdopted(sql, cacheId, content, mediaIds)
    await shareAnalyses(sql, { mediaIds: changed })
    return changed
  })
}
