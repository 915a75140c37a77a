import { join } from 'node:path'
import type { Cache } from '@mediakeep/content'
import { openRoot, type OpenRootOptions } from './cache-root.ts'
import { derivedFiles, type DerivedFiles } from './derived.ts'
import { diskSpaceOf, type DiskSpace } from './disk-space.ts'
import { evict, type EvictOptions, type EvictReport } from './evict.ts'
import { listFiles, statsOf, type CachedFile, type CacheStats } from './list.ts'
import { TEMPORARY_FOLDER } from './paths.ts'
import { createFolderSync } from './publish.ts'
import { put } from './put.ts'
import { purgeQuarantine, type MayPurge } from './quarantine.ts'
import { locate, openStream, readStart, remove, sizeOf } from './read.ts'
import { quarantineOf } from './set-aside.ts'
import { createTemporary, removeOwnFolder, sweepTemporary, type SweepReport } from './temporary.ts'
import { digestOf, verify, type Expected } from './verify.ts'
import { verifyAll, verifyMany, type Verified, type VerifyOptions } from './verify-many.ts'

/** The cache in a folder on a local disk: the port, plus maintenance for its owner. */
export interface FileCache extends Cache {
  /** Absolute. */
  readonly root: string
  /** Absolute. Files that dead processes left in it are swept. */
  readonly temporaryFolder: string
  readonly derived: DerivedFiles
  /** All contents, in no particular order. @throws CacheUnavailableError */
  list(): AsyncIterable<CachedFile>
  stats(): Promise<CacheStats>
  /** Room on the disk that holds it. @throws CacheUnavailableError */
  space(): Promise<DiskSpace>
  /** Yields results as they arrive, unordered; moves corrupt files to quarantine. @throws CacheUnavailableError */
  verifyMany<Entry extends Expected>(
    entries: Iterable<Entry> | AsyncIterable<Entry>,
    options?: VerifyOptions,
  ): AsyncIterable<Verified<Entry>>
  /** Checks every file against its own name, without a database. */
  verifyAll(options?: VerifyOptions): AsyncIterable<Verified>
  evict(options: EvictOptions): Promise<EvictReport>
  /** Removes what dead processes left behind; for other machines, after `foreignIdleMs` (default one day). */
  sweepTemporary(foreignIdleMs?: number): Promise<SweepReport>
  /** Deletes damaged files that have been in quarantine for longer than this. @returns how many */
  purgeQuarantine(olderThanMs: number, mayPurge: MayPurge): Promise<number>
  close(): Promise<void>
}

/**
 * Opens the cache in a folder. A folder filled by an older tool only gets a marker; nothing is moved.
 * @throws CacheUnavailableError @throws CacheWriteError when a new cache cannot be made
 */
export async function openCache(folder: string, options: OpenRootOptions = {}): Promise<FileCache> {
  const root = await openRoot(folder, options)
  const folders = createFolderSync()
  return {
    id: root.id,
    root: root.path,
    temporaryFolder: join(root.path, TEMPORARY_FOLDER),
    derived: derivedFiles(root),
    createTemporary: () => createTemporary(root),
    put: (temporary, path, digests, how) => put(root, folders, { temporary, path, digests, ...how }),
    size: (path) => sizeOf(root, path),
    open: (path, range) => openStream(root, path, range),
    read: (path, limit) => readStart(root, path, limit),
    locate: (path) => locate(root, path),
    verify: (path, digests) => verify(root, { path, digests }),
    digest: (path) => digestOf(root, path),
    remove: (path) => remove(root, path),
    list: () => listFiles(root),
    stats: () => statsOf(root),
    space: () => diskSpaceOf(root),
    verifyMany: (entries, verifyOptions) => verifyMany(root, entries, verifyOptions),
    verifyAll: (verifyOptions) => verifyAll(root, verifyOptions),
    evict: (evictOptions) => evict(root, evictOptions),
    sweepTemporary: (foreignIdleMs) => sweepTemporary(root, foreignIdleMs),
    quarantine: quarantineOf(root, folders),
    purgeQuarantine: (olderThanMs, mayPurge) => purgeQuarantine(root, olderThanMs, mayPurge),
    close: () => removeOwnFolder(root),
  }
}
