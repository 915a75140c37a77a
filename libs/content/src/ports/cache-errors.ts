/** The file is not in this cache; it may be restored from the archive or the source. */
export class CacheMissError extends Error {
  override readonly name = 'CacheMissError'
  readonly code = 'cache_miss'
  readonly path: string

  constructor(path: string, options: { cause?: unknown } = {}) {
    super(`${path} is not in the cache`, options)
    this.path = path
  }
}

/** The root is not the same cache as before, most likely an unmounted folder: its emptiness proves nothing. */
export class CacheUnavailableError extends Error {
  override readonly name = 'CacheUnavailableError'
  readonly code = 'cache_unavailable'
  readonly root: string

  constructor(root: string, reason: string, options: { cause?: unknown } = {}) {
    super(`The cache ${root} is not available: ${reason}`, options)
    this.root = root
  }
}

/** A path that does not name a file of a cache, or leads out of it. */
export class CachePathError extends Error {
  override readonly name = 'CachePathError'
  readonly code = 'cache_path'
}

/** A file could not be stored. Nothing is left behind. */
export class CacheWriteError extends Error {
  override readonly name = 'CacheWriteError'
  /** The system's error code (ENOSPC, EIO, EROFS, EMFILE …), or `size_mismatch`. */
  readonly code: string
  readonly path: string

  constructor(path: string, code: string, remedy: string, options: { cause?: unknown } = {}) {
    super(`Cannot write ${path} to the cache (${code}): ${remedy}`, options)
    this.code = code
    this.path = path
  }
}
