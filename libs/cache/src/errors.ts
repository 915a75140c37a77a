import { CacheWriteError } from '@mediakeep/content'

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

/** `code`: the system's error code, or `size_mismatch`. */
export function writeError(path: string, code: string, options: { cause?: unknown } = {}): CacheWriteError {
  return new CacheWriteError(path, code, REMEDIES[code] ?? 'see the cause', options)
}

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Adds the cause of a failed write; returns errors that are not system errors unchanged. */
export function asWriteError(path: string, error: unknown): unknown {
  const code = errnoOf(error)
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? writeError(path, code, { cause: error }) : error
}
