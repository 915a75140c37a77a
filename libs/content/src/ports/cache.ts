import type { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { Quarantine } from './quarantine.ts'

/** A byte range, both ends included, as in HTTP. */
export interface ByteRange {
  readonly start: number
  readonly end?: number | undefined
}

/** A file of this process's own, on the cache's file system, not visible to any reader. */
export interface TemporaryFile {
  /** Absolute. */
  readonly path: string
  /** Removes it, if it is still there. */
  discard(): Promise<void>
}

export type CacheCheck = 'ok' | 'missing' | 'corrupt'

/**
 * Content-addressed local files. A reader never sees a half-written one; storing the same bytes twice, from
 * two processes too, stores them once. Paths are relative to the root, as `cachePath` gives them.
 */
export interface Cache {
  /** The UUID in the root's marker file: which cache this is, on whatever machine. */
  readonly id: string
  createTemporary(): Promise<TemporaryFile>
  /**
   * Moves a temporary file, whose bytes have these digests, to `path`: fsync, rename, fsync of the folder.
   * @param options `isSynced`: whoever wrote the file has counted its bytes, and synced it
   * @returns `present` when the same bytes were there already
   * @throws CacheWriteError naming the cause (ENOSPC, EIO, EROFS, EMFILE …), with nothing left behind
   * @throws CacheUnavailableError when the root is not the cache it was (an unmounted folder)
   */
  put(
    temporary: TemporaryFile,
    path: string,
    digests: Digests,
    options?: { readonly isSynced?: boolean },
  ): Promise<'stored' | 'present'>
  /** Size in bytes, or undefined when it is not here. @throws CacheUnavailableError */
  size(path: string): Promise<number | undefined>
  /** Opens a file and marks it used (for LRU). @throws CacheMissError */
  open(path: string, range?: ByteRange): Promise<Readable>
  /** The first `limit` bytes of a file, or all it has. It does not count as use. @throws CacheMissError */
  read(path: string, limit: number): Promise<Buffer>
  /** Absolute path for reading, for decoders that want a file. Marks it used. @throws CacheMissError */
  locate(path: string): Promise<string>
  /** Reads the whole file again; a corrupt one is moved to quarantine. */
  verify(path: string, digests: Digests): Promise<CacheCheck>
  /** Digests of a file as it stands. @throws CacheMissError */
  digest(path: string): Promise<Digests>
  remove(path: string): Promise<void>
  readonly quarantine: Quarantine
}
