import { type Archive, ArchiveError } from '@mediakeep/content'
import type { StageLog } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { evictCache, type EvictableCache } from './evict-cache.ts'

export interface DiskRoomDeps {
  readonly db: Sql
  readonly cache: EvictableCache<{ removed: readonly string[]; freedBytes: number; refused: number }> & {
    readonly root: string
    space(): Promise<{ freeBytes: number; totalBytes: number; freeFiles: number; totalFiles: number }>
  }
  readonly archive: Archive
  readonly log: StageLog
  /** Bytes to keep free on the disk of the cache; on small disks, a twentieth of the disk. */
  readonly reserveBytes: number
}

export interface DiskRoomOptions {
  /** True after the disk refused a write: a quota may be exhausted although the disk has free space. */
  readonly isFull?: boolean
  readonly signal?: AbortSignal | undefined
}

/** The disk of the cache is full, and no cached file may be evicted: intake pauses. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
  readonly code = 'disk_full'
}

const RESERVE_FILES = 1_000
const SHARE_OF_SMALL_DISKS = 0.05
/** Evicting lists the whole cache: a larger goal makes it rarer. */
const GOAL_IN_RESERVES = 4

/**
 * Keeps a reserve of free space on the disk of the cache: evicts the least recently used files that the archive holds,
 * verified, until four times the reserve is free.
 * @throws DiskFullError when too little may be evicted
 */
export async function keepDiskRoom(
  { db, cache, archive, log, reserveBytes }: DiskRoomDeps,
  { isFull = false, signal }: DiskRoomOptions = {},
): Promise<void> {
  const { freeBytes, totalBytes, freeFiles, totalFiles } = await cache.space()
  const bytes = Math.min(reserveBytes, Math.floor(totalBytes * SHARE_OF_SMALL_DISKS))
  const files = Math.min(RESERVE_FILES, Math.floor(totalFiles * SHARE_OF_SMALL_DISKS))
  if (!isFull && freeBytes >= bytes && freeFiles >= files) return
  const state = `The disk of the cache ${cache.root} is full: ${freeBytes} bytes are free, ${bytes} are reserved`
  const remedy = 'Downloads pause until the archive has the cached files, or space is freed'
  const report = await evictCache(
    { db, cache, archive },
    {
      maxBytes: Infinity,
      freeBytes: Math.max(isFull ? bytes : 0, GOAL_IN_RESERVES * bytes - freeBytes),
      freeFiles: Math.max(isFull ? 1 : 0, GOAL_IN_RESERVES * files - freeFiles),
      signal,
    },
  ).catch((error: unknown) => {
    if (!(error instanceof ArchiveError)) throw error
    throw new DiskFullError(`${state}, and the archive cannot confirm what it holds. ${remedy}`, {
      cause: error,
    })
  })
  const { freedBytes, refused } = report
  const removed = report.removed.length
  const isEnough = freeBytes + freedBytes >= bytes && freeFiles + removed >= files
  if (removed === 0 || !isEnough) {
    throw new DiskFullError(
      `${state}, and the archive does not hold the ${refused} other cached files. ${remedy}`,
    )
  }
  log.info(
    { removed, freedBytes, refused, freeBytes },
    'evicted archived files: the disk of the cache was full',
  )
}
