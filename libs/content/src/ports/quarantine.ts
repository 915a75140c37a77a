import type { TemporaryFile } from './cache.ts'

/**
 * Where a cache keeps the bytes of what was rejected. Nothing here is served. Every move is atomic: a file is in the
 * cache or in quarantine, whenever a process is killed. Names are those of `quarantineName`.
 */
export interface Quarantine {
  /**
   * Moves a cached file into quarantine.
   * @returns `present`: it was there already; `missing`: it is in neither place
   * @throws CacheWriteError, CacheUnavailableError
   */
  keep(path: string, name: string): Promise<'moved' | 'present' | 'missing'>
  /** Moves a temporary file, whose bytes are on the disk, into quarantine. */
  keepTemporary(temporary: TemporaryFile, name: string): Promise<void>
  /** Moves a file back to its path in the cache. @returns `present`: the cache has it already */
  release(name: string, path: string): Promise<'moved' | 'present' | 'missing'>
  /** Deletes a file for good. */
  remove(name: string): Promise<void>
  /** The names of all files, in no order. */
  list(): AsyncIterable<string>
}
