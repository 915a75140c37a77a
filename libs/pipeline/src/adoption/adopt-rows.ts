import { shareAnalyses } from '@mediakeep/analysis'
import type { Content } from '@mediakeep/content'
import { settleAdopted } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { lockContent } from './adopt-rows.sql.ts'

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
    await lockContent(sql, [content.sha256])
    const changed = await settleAdopted(sql, cacheId, content, mediaIds)
    await shareAnalyses(sql, { mediaIds: changed })
    return changed
  })
}
