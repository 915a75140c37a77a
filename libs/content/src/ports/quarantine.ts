import type { Readable } from 'node:stream'
import type { ByteRange, TemporaryFile } from './cache.ts'

/**
 * Keeps the bytes of rejected files of a cache. Nothing here is served. Every move is atomic: a kill at any time leaves
 * a file either in the cache or in quarantine. Names are those of `quarantineName`.
 */
export interface Quarantine {
  /**
   * Moves a cached file into quarantine.
   * @returns `present`: it was already there; `missing`: it is in neither place
   * @throws CacheWriteError, CacheUnavailableError
   */
  keep(path: string, name: string): Promise<'moved' | 'present' | 'missing'>
  /** Moves a temporary file, already synced to disk, into quarantine. */
  keepTemporary(temporary: TemporaryFile, name: string): Promise<void>
  /** Moves a file back to its path in the cache. @returns `present`: the cache already has it */
  release(name: string, path: string): Promise<'moved' | 'present' | 'missing'>
  /** Reads a file. @throws CacheMissError */
  open(name: string, range?: ByteRange): Promise<Readable>
  /** Deletes a file for good. */
  remove(name: string): Promise<void>
  /** The names of all files, in no particular order. */
  list(): AsyncIterable<string>
}
