import type { Readable } from 'node:stream'
import type { Digests } from '@mediakeep/checksum'
import type { Quarantine } from './quarantine.ts'

/** A byte range, both ends inclusive, as in HTTP. */
export interface ByteRange {
  readonly start: number
  readonly end?: number | undefined
}

/** A private file of this process, on the cache's file system, invisible to readers. */
export interface TemporaryFile {
  /** Absolute. */
  readonly path: string
  /** Removes it, if it still exists. */
  discard(): Promise<void>
}

export type CacheCheck = 'ok' | 'missing' | 'corrupt'

/**
 * Content-addressed local files. Readers never see a half-written one; storing the same bytes twice, even from
 * two processes, stores them once. Paths are relative to the root, as `cachePath` returns them.
 */
export interface Cache {
  /** The UUID in the root's marker file: identifies the cache on any machine. */
  readonly id: string
  createTemporary(): Promise<TemporaryFile>
  /**
   * Moves a temporary file, whose bytes have these digests, to `path`: fsync, rename, fsync of the folder.
   * @param options `isSynced`: the writer has already checked the file's length and synced it
   * @returns `present` when the same bytes were already there
   * @throws CacheWriteError naming the cause (ENOSPC, EIO, EROFS, EMFILE …), with nothing left behind
   * @throws CacheUnavailableError when the root is not the same cache as before (an unmounted folder)
   */
  put(
    temporary: TemporaryFile,
    path: string,
    digests: Digests,
    options?: { readonly isSynced?: boolean },
  ): Promise<'stored' | 'present'>
  /** Size in bytes, or undefined when the file is not here. @throws CacheUnavailableError */
  size(path: string): Promise<number | undefined>
  /** Opens a file and marks it as used (for LRU). @throws CacheMissError */
  open(path: string, range?: ByteRange): Promise<Readable>
  /** The first `limit` bytes of a file, or all of it. Does not count as use. @throws CacheMissError */
  read(path: string, limit: number): Promise<Buffer>
  /** Absolute path for decoders that need a file. Marks it as used. @throws CacheMissError */
  locate(path: string): Promise<string>
  /** Reads the whole file again; moves a corrupt one to quarantine. */
  verify(path: string, digests: Digests): Promise<CacheCheck>
  /** Digests of the file's current bytes. @throws CacheMissError */
  digest(path: string): Promise<Digests>
  remove(path: string): Promise<void>
  readonly quarantine: Quarantine
}
