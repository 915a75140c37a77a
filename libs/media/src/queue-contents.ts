import { LIVING_CACHE } from './caches.ts'
import { unarchived } from './queues.ts'

const UNINSPECTED = 'c.inspected_at IS NULL'
const ARCHIVABLE = `(c.inspected_at IS NOT NULL AND c.rejected_at IS NULL AND ${unarchived('c')} AND ${isFree('archive')})`

/** SQL: no process works on the content. The lease of a process whose cache is absent does not count. */
function isFree(stage: 'inspect' | 'archive'): string {
  return `(c.${stage}_lease_expires_at IS NULL OR c.${stage}_lease_expires_at < now()
    OR NOT EXISTS (SELECT FROM mediakeep.caches k WHERE k.cache_id = c.cache_id AND ${LIVING_CACHE}))`
}

/**
 * SQL that queues contents whose file this cache now has: for inspection if nobody has inspected them, otherwise for
 * the archive, even if they are waiting for another cache, which may be gone. A given-up upload is retried only when
 * the bytes come from another cache. The file of a rejected content also goes to inspection,
 * which removes it.
 *
 * @param sha256s SQL that yields their checksums @param cacheId SQL
 */
export function queueContents(sha256s: string, cacheId: string): string {
  const isElsewhere = `c.cache_id IS DISTINCT FROM ${cacheId}`
  return `UPDATE mediakeep.contents c SET cache_id = ${cacheId},
      missing_from = array_remove(c.missing_from, ${cacheId}),
      inspect_not_before = CASE WHEN ${UNINSPECTED} THEN coalesce(c.inspect_not_before, now()) END,
      inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
      archive_lease_token = CASE WHEN ${UNINSPECTED} THEN c.archive_lease_token END,
      archive_lease_expires_at = CASE WHEN ${UNINSPECTED} THEN c.archive_lease_expires_at END,
      inspect_parked_at = CASE WHEN NOT (${isElsewhere}) THEN c.inspect_parked_at END,
      inspect_parked_version = CASE WHEN NOT (${isElsewhere}) THEN c.inspect_parked_version END,
      archive_not_before = CASE WHEN ${ARCHIVABLE} THEN now() END, archive_attempts = 0, archive_error = NULL
    WHERE c.sha256_sum IN (${sha256s}) AND CASE
      WHEN ${UNINSPECTED} AND c.rejected_at IS NOT NULL THEN true
      WHEN ${UNINSPECTED} THEN c.cache_id IS NULL OR (${isElsewhere} AND ${isFree('inspect')})
      ELSE ${ARCHIVABLE} AND (${isElsewhere} OR (c.archive_not_before IS NULL AND c.archive_error IS NULL)) END`
}

/** SQL: assignments to a row of `mediakeep.contents` that resume a parked inspection, all counters at zero. */
const UNPARKED = `inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0,
  inspect_deaths = 0, inspect_not_before = now()`

/** SQL: assignments to a row of `mediakeep.contents` that queue it for inspection as if for the first time. */
export const INSPECT_AGAIN = `inspected_at = NULL, inspect_error = NULL, inspect_lease_token = NULL,
  inspect_lease_expires_at = NULL, ${UNPARKED}`
