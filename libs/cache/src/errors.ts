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

/** The root is not the cache it was, most likely an unmounted folder: nothing may be concluded from its emptiness. */
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

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left: free some, or lower CACHE_MAX_BYTES and run `mediakeep cache evict`',
  EDQUOT: 'the disk quota is used up: raise it, or lower CACHE_MAX_BYTES and run `mediakeep cache evict`',
  EROFS: 'the file system is read-only: mount it writable, or set CACHE_DIR to another folder',
  EMFILE: 'too many files are open in this process: raise `ulimit -n`, or lower DOWNLOAD_CONCURRENCY',
  ENFILE: 'too many files are open on this machine: raise fs.file-max, or lower DOWNLOAD_CONCURRENCY',
  EIO: 'the disk reports an error: check it (dmesg, smartctl), or set CACHE_DIR to another disk',
  EACCES: 'permission is denied: give this user the right to write there, or set CACHE_DIR to another folder',
  EPERM:
    'the operation is not permitted: give this user the right to write there, or set CACHE_DIR elsewhere',
  size_mismatch: 'the temporary file is not as long as what was hashed: fetch it again',
}

/** A file could not be stored. Nothing of it is left behind. */
export class CacheWriteError extends Error {
  override readonly name = 'CacheWriteError'
  /** The system's code (ENOSPC, EIO, EROFS, EMFILE …), or `size_mismatch`. */
  readonly code: string
  readonly path: string

  constructor(path: string, code: string, options: { cause?: unknown } = {}) {
    super(`Cannot write ${path} to the cache (${code}): ${REMEDIES[code] ?? 'see the cause'}`, options)
    this.code = code
    this.path = path
  }
}

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Names the cause of a failed write; what is no failure of the system passes as it is. */
export function asWriteError(path: string, error: unknown): unknown {
  const code = errnoOf(error)
  return code !== undefined && /^E[A-Z0-9]+$/.test(code)
    ? new CacheWriteError(path, code, { cause: error })
    : error
}
