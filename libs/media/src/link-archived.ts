import { actorJson } from '@mediakeep/custody'
import { cachePath, type Content } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { linkCopies } from './link-archived.sql.ts'

export interface ArchivedContent {
  readonly content: Content
  /** The URL at which the archive was seen to have it complete. */
  readonly url: string
  /** URLs in rows at which this archive does not have the content. */
  readonly wrongUrls: readonly string[]
}

/**
 * Records in these contents and their rows that the archive has them complete. Rows that were sent back to their
 * source count as fetched again. Ends a lease on the upload.
 */
export async function linkArchived(sql: Sql, contents: readonly ArchivedContent[]): Promise<void> {
  if (contents.length === 0) return
  const archived = contents.map(({ content, url, wrongUrls }) => {
    return { sha256: content.sha256, url, wrong: wrongUrls, path: cachePath(content) }
  })
  await linkCopies(sql, [JSON.stringify(archived), actorJson()])
}
