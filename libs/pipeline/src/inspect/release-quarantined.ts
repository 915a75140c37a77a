import { type Cache, cachePath } from '@mediakeep/content'
import {
  endRelease,
  changeFates,
  inRowBatches,
  mediaShowing,
  storedColumns,
  type StoredContent,
  type StoredContentRow,
  toStoredContent,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'

const AT_ONCE = 100

/**
 * Moves files that a person released from quarantine back into the cache, and queues them for inspection. A kill at
 * any moment leaves the request for the next pass. A file missing from the quarantine is fetched again.
 */
export async function releaseQuarantined(
  db: Database,
  cache: Pick<Cache, 'id' | 'quarantine'>,
): Promise<number> {
  const found = await db.query<StoredContentRow & { fileName: string }>(
    `SELECT f.file_name AS "fileName", ${storedColumns('c')}
     FROM mediakeep.quarantine f JOIN mediakeep.contents c ON c.sha256_sum = f.sha256_sum
     WHERE f.cache_id = $1 AND f.release_requested_at IS NOT NULL AND f.released_at IS NULL AND f.removed_at IS NULL
       AND c.rejected_at IS NULL LIMIT ${AT_ONCE}`,
    [cache.id],
  )
  for (const row of found.rows) await release(db, cache, row.fileName, toStoredContent(row))
  return found.rows.length
}

async function release(
  db: Database,
  cache: Pick<Cache, 'id' | 'quarantine'>,
  fileName: string,
  content: StoredContent,
): Promise<void> {
  const path = cachePath(content)
  const isHere = (await cache.quarantine.release(fileName, path)) !== 'missing'
  const shown = await mediaShowing(db, [content.sha256])
  if (isHere) {
    await inRowBatches(shown, (batch) =>
      db.query(
        `UPDATE public.post_media SET local_file_path = $2, updated_at = now()
         WHERE media_id = ANY($1::text[]) AND fate = 'fetched'`,
        [batch.map(({ mediaId }) => mediaId), path],
      ),
    )
  } else if (content.archiveUrl === undefined) {
    const rows = shown.map(({ mediaId }) => ({ mediaId, reason: 'its file is not in quarantine any more' }))
    await changeFates(db, rows, { to: 'waiting', from: 'fetched' })
  }
  await endRelease(db, { cacheId: cache.id, fileName, sha256: content.sha256, isHere })
}
