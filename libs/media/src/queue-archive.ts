import type { Sql } from '@mediakeep/sql'
import { mediaContents } from './stored-content.ts'
import { queueUnarchived } from './queue-archive.sql.ts'

export interface QueuedMedia {
  readonly mediaId: string
  /** `none`: there is no such media, or nothing was fetched for it. */
  readonly state: 'queued' | 'archived' | 'rejected' | 'none'
}

/** Queues media for upload; retries those given up at once. Uninspected ones follow automatically. */
export async function queueArchive(sql: Sql, mediaIds: readonly string[]): Promise<QueuedMedia[]> {
  const media = await mediaContents(sql, mediaIds)
  const queued = await queueUnarchived(sql, [media.flatMap(({ content }) => content?.sha256 ?? [])])
  const states = new Map(queued.rows.map((row) => [row.sha256, row.state]))
  return media.map(({ mediaId, content }) => ({
    mediaId,
    state: states.get(content?.sha256 ?? '') ?? 'none',
  }))
}
