import { type Cache, cachePath } from '@mediakeep/content'
import {
  endRelease,
  changeFates,
  inRowBatches,
  mediaShowing,
  type StoredContent,
  toStoredContent,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { selectReleasable, updatePaths } from './release-quarantined.sql.ts'

/**
 * Moves files that a person released from quarantine back into the cache, and queues them for inspection. A kill at
 * any moment leaves the request for the next pass. A file missing from the quarantine is fetched again.
 */
export async function releaseQuarantined(
  db: Database,
  cache: Pick<Cache, 'id' | 'quarantine'>,
): Promise<number> {
  const found = await selectReleasable(db, [cache.id])
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
    await inRowBatches(shown, (batch) => updatePaths(db, [batch.map(({ mediaId }) => mediaId), path]))
  } else if (content.archiveUrl === undefined) {
    const rows = shown.map(({ mediaId }) => ({ mediaId, reason: 'its file is not in quarantine any more' }))
    await changeFates(db, rows, { to: 'waiting', from: 'fetched' })
  }
  await endRelease(db, { cacheId: cache.id, fileName, sha256: content.sha256, isHere })
}
