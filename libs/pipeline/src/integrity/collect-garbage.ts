import { type Archive, type Cache, cachePath } from '@mediakeep/content'
import type { Lease } from '@mediakeep/lease'
import {
  deleteLeftovers,
  forgetObjects,
  giveBackLeftovers,
  leftoversQueue,
  queueRemoval,
  storedColumns,
  type StoredContent,
  type StoredContentRow,
  toStoredContent,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { archivePrefix, removeOwnObject } from '../archive/own-object.ts'
import { nameOf } from './evict-cache.ts'
import { findOrphanFiles, type OrphanFiles } from './orphan-files.ts'
import { nextStretch, saveStretch, WHOLE, WITHIN_STRETCH, type Stretch } from './garbage-stretch.ts'
import { selectLeftovers } from './collect-garbage.sql.ts'

/** A cache that garbage collection can use: besides the port, it lists files and sweeps temporary ones. */
export interface GarbageCache extends Cache {
  list(): AsyncIterable<{ readonly path: string; readonly byteSize: number; readonly lastUsedAt: Date }>
  /** Removes what dead processes left behind. */
  sweepTemporary(): Promise<{ readonly removed: number; readonly freedBytes: number }>
}

export interface GarbageDeps {
  readonly db: Database
  readonly cache: GarbageCache
  readonly archive: Archive
}

export interface GarbageOptions {
  /** Minimum age of a leftover content in seconds; default one hour. */
  readonly minAgeSeconds?: number | undefined
  readonly dryRun?: boolean | undefined
  /**
   * The number of contents that this call examines, from where the last such call ended; default, and in a dry run, all. Orphans are
   * looked for once all contents were examined.
   */
  readonly contents?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface CollectedGarbage {
  /** Contents that no row showed; in a dry run, those that would be removed. */
  readonly contents: number
  readonly bytes: number
  readonly temporaryFolders: number
  /** Files without a content or row. They are never removed: their owner is unknown. Undefined if not looked for. */
  readonly orphans: OrphanFiles | undefined
}

const HOUR_SECONDS = 3600
const BATCH = 100
const LEASE_SECONDS = 120

/**
 * Removes contents that no row shows: the archive's object if it has our own key, this cache's file,
 * and finally the row. A kill in between leaves the row, and the next run continues. Unrecorded files of rejected
 * contents are queued for removal.
 */
export async function collectGarbage(
  deps: GarbageDeps,
  options: GarbageOptions = {},
): Promise<CollectedGarbage> {
  const { minAgeSeconds = HOUR_SECONDS, contents: examined } = options
  const stretchOptions = examined !== undefined &&
    options.dryRun !== true && { cacheId: deps.cache.id, minAgeSeconds, contents: examined }
  const stretch = stretchOptions ? await nextStretch(deps.db, stretchOptions) : WHOLE
  let [contents, bytes] = [0, 0]
  const count = (collected: readonly StoredContent[]): void => {
    contents += collected.length
    bytes += collected.reduce((sum, content) => sum + content.byteSize, 0)
  }
  if (options.dryRun === true) count(await findLeftovers(deps, minAgeSeconds))
  else {
    // If the store is unreachable, every further content would fail too.
    await deps.archive.ping(options.signal)
    for (;;) {
      options.signal?.throwIfAborted()
      const claimed = await claimLeftovers(deps, minAgeSeconds, stretch)
      count(await collectBatch(deps, claimed))
      if (claimed.length < BATCH) break
    }
  }
  const swept = options.dryRun === true ? undefined : await deps.cache.sweepTemporary()
  if (stretchOptions) await saveStretch(deps.db, deps.cache.id, stretch)
  if (!stretch.isLast) return { contents, bytes, temporaryFolders: swept?.removed ?? 0, orphans: undefined }
  const orphans = await findOrphanFiles(deps, minAgeSeconds, async (paths) => {
    if (options.dryRun !== true) await queueRemoval(deps.db, deps.cache.id, paths.map(nameOf))
  })
  return { contents, bytes, temporaryFolders: swept?.removed ?? 0, orphans }
}

/** Each machine collects its own cache; objects of another archive are out of reach. */
const WITHIN_REACH = `(q.cache_id = $1 OR q.cache_id IS NULL)
  AND q.created_at < now() - make_interval(secs => $2)
  AND (q.archive_url IS NULL OR starts_with(q.archive_url, $3)) AND ${WITHIN_STRETCH}`

function reachValues({ cache, archive }: GarbageDeps, minAgeSeconds: number): [string, number, string] {
  return [cache.id, minAgeSeconds, archivePrefix(archive)]
}

async function findLeftovers(deps: GarbageDeps, minAgeSeconds: number): Promise<StoredContent[]> {
  const found = await selectLeftovers(deps.db, reachValues(deps, minAgeSeconds))
  return found.rows.map(toStoredContent)
}

interface Leftover {
  readonly lease: Lease
  readonly content: StoredContent
}

async function claimLeftovers(
  deps: GarbageDeps,
  minAgeSeconds: number,
  stretch: Stretch,
): Promise<Leftover[]> {
  const claimed = await leftoversQueue.claim<StoredContentRow>(deps.db, {
    limit: BATCH,
    leaseSeconds: LEASE_SECONDS,
    where: WITHIN_REACH,
    values: [...reachValues(deps, minAgeSeconds), ...stretch.values],
    returning: storedColumns('q'),
  })
  return claimed.map((row) => ({
    lease: { id: row.id, token: row.token, attempt: row.attempt, deaths: row.deaths },
    content: toStoredContent(row),
  }))
}

async function collectBatch(
  { db, cache, archive }: GarbageDeps,
  batch: readonly Leftover[],
): Promise<StoredContent[]> {
  const leases = batch.map(({ lease }) => lease)
  try {
    const unshown = await forgetObjects(db, leases)
    for (const { lease, content } of batch) {
      if (!unshown.has(content.sha256)) continue
      // After a slow batch, another process may hold the lease and be uploading.
      if (!(await leftoversQueue.extend(db, [lease], LEASE_SECONDS)).has(lease.id)) continue
      // The cache first: an unmounted one fails before anything is removed.
      await cache.remove(cachePath(content))
      await removeOwnObject(archive, content)
    }
    const removed = await deleteLeftovers(db, leases)
    return batch.flatMap(({ content }) => (removed.has(content.sha256) ? [content] : []))
  } finally {
    await giveBackLeftovers(db, cache.id, leases)
  }
}
