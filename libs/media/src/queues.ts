import { leaseQueue } from '@mediakeep/lease'

/** SQL over a `mediakeep.contents` by its alias: the archive is not known to hold it, whatever it held once. */
export function unarchived(alias: string): string {
  return `(${alias}.archive_url IS NULL OR ${alias}.archive_missing_since IS NOT NULL)`
}

/**
 * SQL over a `mediakeep.contents` by its alias: its bytes still have to be looked at, and a cache has them. Rejected
 * contents are among them until their file has left that cache.
 */
export function uninspected(alias: string): string {
  return `${alias}.inspected_at IS NULL AND ${alias}.cache_id IS NOT NULL`
}

/** SQL over a `public.post_media` by its alias: the predicate of the index post_media_download_queue_idx. */
export function awaitsDownload(alias: string): string {
  return `${alias}.fate = 'waiting' AND ${alias}.source_key IS NOT NULL`
}

/** SQL over a `public.post_media` by its alias: its download failed, and is tried again at a set time. */
export function retriesDownload(alias: string): string {
  return `${alias}.fate = 'failed' AND ${alias}.download_not_before IS NOT NULL`
}

/** Media references that wait for their file. */
export const downloadQueue = leaseQueue({
  table: 'public.post_media',
  id: 'media_id',
  prefix: 'download',
  pending: awaitsDownload('q'),
  order: 'q.url_expires_at, q.media_id',
})

/** SQL over `q`: it waits for its download, no living lease holds it, and its time has come. */
export const CLAIMABLE = `${awaitsDownload('q')}
  AND (q.download_not_before IS NULL OR q.download_not_before <= now())
  AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now())`

/**
 * SQL: row `q` still waits and is held under these leases, two parameters from `$n` on. The fate is not compared with
 * `=`: after a large import PostgreSQL's statistics know of no rows that wait, and it would read them all to find a few.
 */
export function heldWaiting(n: number): string {
  return `${downloadQueue.held('q', n)} AND q.fate IS NOT DISTINCT FROM 'waiting'`
}

/** Contents that nobody has inspected; among rejected ones, those whose file is still in the cache. */
export const inspectQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'inspect',
  pending: `${uninspected('q')} AND q.inspect_parked_at IS NULL`,
  order: 'q.inspect_not_before',
})

/** Inspected contents that the archive does not hold yet. */
export const archiveQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'archive',
  pending: `${unarchived('q')} AND q.archive_not_before IS NOT NULL
    AND q.inspected_at IS NOT NULL AND q.rejected_at IS NULL`,
  order: 'q.archive_not_before',
})

/** SQL over a `mediakeep.contents` by its alias: no media row shows it. */
export function unshown(alias: string): string {
  return `NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = ${alias}.sha256_sum)`
}

/** Contents that no row shows. They share the lease of uploads: a content is never uploaded and removed at once. */
export const leftoversQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'archive',
  pending: unshown('q'),
  order: 'q.created_at, q.sha256_sum',
})
