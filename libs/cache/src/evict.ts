import { lstat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { listDerived, listFiles, type CachedFile } from './list.ts'

export interface EvictOptions {
  /** Limit for contents and thumbnails together, in bytes. */
  readonly maxBytes: number
  /** Removes at least this many bytes, even if the rest is within `maxBytes`; default 0. */
  readonly freeBytes?: number | undefined
  /** Removes at least this many files, even if the rest is within `maxBytes`; default 0. */
  readonly freeFiles?: number | undefined
  /** Returns the contents that may go because the archive holds them, verified. Called in batches, oldest first. */
  mayRemove(paths: readonly string[]): Promise<ReadonlySet<string>>
  /** Told after each batch which files are gone, also when the batch ends with an error. Not called by a dry run. */
  onRemoved?(paths: readonly string[]): Promise<void>
  /** Reports what would be removed, and removes nothing. */
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export interface EvictReport {
  /** Relative to the root, in order of removal. */
  readonly removed: readonly string[]
  readonly freedBytes: number
  readonly remainingBytes: number
  /** Contents that `mayRemove` did not let go. */
  readonly refused: number
}

const BATCH = 200

/** Removes the least recently used files until the limits hold: thumbnails first, then what `mayRemove` allows. */
export async function evict(root: CacheRoot, options: EvictOptions): Promise<EvictReport> {
  const contents = await Array.fromAsync(listFiles(root))
  const derived = await Array.fromAsync(listDerived(root))
  const eviction = new Eviction(root, options, [...contents, ...derived])
  await eviction.removeOldest(derived, (paths) => Promise.resolve(new Set(paths)))
  await eviction.removeOldest(contents, (paths) => options.mayRemove(paths))
  return eviction.report()
}

class Eviction {
  readonly #root: CacheRoot
  readonly #options: EvictOptions
  readonly #removed: string[] = []
  #remainingBytes: number
  #freedBytes = 0
  #refused = 0

  constructor(root: CacheRoot, options: EvictOptions, files: readonly CachedFile[]) {
    this.#root = root
    this.#options = options
    this.#remainingBytes = files.reduce((sum, { byteSize }) => sum + byteSize, 0)
  }

  async removeOldest(files: CachedFile[], mayRemove: EvictOptions['mayRemove']): Promise<void> {
    files.sort((a, b) => a.lastUsedAt.getTime() - b.lastUsedAt.getTime())
    for (let start = 0; start < files.length && !this.#isEnough(); start += BATCH) {
      this.#options.signal?.throwIfAborted()
      const batch = files.slice(start, start + BATCH)
      const allowed = await mayRemove(batch.map(({ path }) => path))
      await this.#removeAllowed(batch, allowed)
    }
  }

  async #removeAllowed(batch: readonly CachedFile[], allowed: ReadonlySet<string>): Promise<void> {
    const before = this.#removed.length
    try {
      for (const file of batch) {
        if (this.#isEnough()) break
        if (!allowed.has(file.path)) this.#refused += 1
        else if (await this.#remove(file)) this.#count(file)
      }
    } finally {
      const removed = this.#removed.slice(before)
      if (removed.length > 0 && this.#options.dryRun !== true) await this.#options.onRemoved?.(removed)
    }
  }

  report(): EvictReport {
    return {
      removed: this.#removed,
      freedBytes: this.#freedBytes,
      remainingBytes: this.#remainingBytes,
      refused: this.#refused,
    }
  }

  #isEnough(): boolean {
    const { maxBytes, freeBytes = 0, freeFiles = 0 } = this.#options
    return (
      this.#remainingBytes <= maxBytes && this.#freedBytes >= freeBytes && this.#removed.length >= freeFiles
    )
  }

  /** Keeps a file that was used after it was listed. */
  async #remove({ path, lastUsedAt }: CachedFile): Promise<boolean> {
    const absolute = join(this.#root.path, path)
    try {
      const { mtime } = await lstat(absolute)
      if (mtime.getTime() !== lastUsedAt.getTime()) return false
      if (this.#options.dryRun !== true) await unlink(absolute)
      return true
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return true
      throw error
    }
  }

  #count({ path, byteSize }: CachedFile): void {
    this.#removed.push(path)
    this.#freedBytes += byteSize
    this.#remainingBytes -= byteSize
  }
}
