import { leaseQueue } from '@mediakeep/lease'

/** SQL over a `mediakeep.contents` by its alias: the archive is not known to have it now, even if it once did. */
export function unarchived(alias: string): string {
  return `(${alias}.archive_url IS NULL OR ${alias}.archive_missing_since IS NOT NULL)`
}

/**
 * SQL over a `mediakeep.contents` by its alias: its bytes still need inspection, and a cache has them. Includes
 * rejected contents until their file has left that cache.
 */
export function uninspected(alias: string): string {
  return `${alias}.inspected_at IS NULL AND ${alias}.cache_id IS NOT NULL`
}

/** Media references waiting for their file. */
export const downloadQueue = leaseQueue({
  table: 'public.post_media',
  id: 'media_id',
  prefix: 'download',
  // The predicate of the index post_media_download_queue_idx.
  pending: `q.fate = 'waiting' AND q.source_key IS NOT NULL`,
  order: 'q.url_expires_at, q.media_id',
})

/** Contents that nobody has inspected, and rejected ones whose file is still in the cache. */
export const inspectQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'inspect',
  pending: `${uninspected('q')} AND q.inspect_parked_at IS NULL`,
  order: 'q.inspect_not_before',
})

/** Inspected contents that the archive does not have yet. */
export const archiveQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'archive',
  pending: `${unarchived('q')} AND q.archive_not_before IS NOT NULL
    AND q.inspected_at IS NOT NULL AND q.rejected_at IS NULL`,
  order: 'q.archive_not_before',
})

/** Contents that no row shows. They share the lease of uploads, so none is uploaded and removed at the same time. */
export const leftoversQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'archive',
  pending: 'NOT EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = q.sha256_sum)',
  order: 'q.created_at, q.sha256_sum',
})
