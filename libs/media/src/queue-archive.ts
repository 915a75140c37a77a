import type { Sql } from '@mediakeep/sql'
import { unarchived } from './queues.ts'
import { mediaContents } from './stored-content.ts'

export interface QueuedMedia {
  readonly mediaId: string
  /** `none`: there is no such media, or nothing was fetched for it. */
  readonly state: 'queued' | 'archived' | 'rejected' | 'none'
}

/** Queues media for upload; retries those given up at once. Uninspected ones follow automatically. */
export async function queueArchive(sql: Sql, mediaIds: readonly string[]): Promise<QueuedMedia[]> {
  const media = await mediaContents(sql, mediaIds)
  const queued = await sql.query<{ sha256: string; state: 'queued' | 'archived' | 'rejected' }>(
    `WITH queued AS (
       UPDATE mediakeep.contents c SET archive_not_before = now(), archive_attempts = 0
       WHERE c.sha256_sum = ANY($1) AND ${unarchived('c')} AND c.inspected_at IS NOT NULL AND c.rejected_at IS NULL
         AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
       RETURNING 1)
     SELECT c.sha256_sum AS sha256, CASE WHEN NOT ${unarchived('c')} THEN 'archived'
       WHEN c.rejected_at IS NOT NULL THEN 'rejected' ELSE 'queued' END AS state
     FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1)`,
    [media.flatMap(({ content }) => content?.sha256 ?? [])],
  )
  const states = new Map(queued.rows.map((row) => [row.sha256, row.state]))
  return media.map(({ mediaId, content }) => ({
    mediaId,
    state: states.get(content?.sha256 ?? '') ?? 'none',
  }))
}
