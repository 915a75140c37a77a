import { statfs } from 'node:fs/promises'
import { assertAvailable, type CacheRoot } from './cache-root.ts'

/** Room on the disk that holds a cache, for a user without special rights. */
export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
  /** Number of files that can still be created; Infinity where the file system has no limit. */
  readonly freeFiles: number
  readonly totalFiles: number
}

/** @throws CacheUnavailableError when the disk is not mounted: its folder is then on another disk */
export async function diskSpaceOf(root: CacheRoot): Promise<DiskSpace> {
  await assertAvailable(root)
  const { bavail, blocks, bsize, ffree, files } = await statfs(root.path)
  const hasLimit = files > 0
  return {
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
    freeFiles: hasLimit ? ffree : Infinity,
    totalFiles: hasLimit ? files : Infinity,
  }
}
