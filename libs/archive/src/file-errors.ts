import { ArchiveError, ArchiveMissError, type ArchiveErrorCode } from '@mediakeep/content'
import { SourceFailure } from './source-body.ts'

const BY_ERRNO: Readonly<Record<string, ArchiveErrorCode>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read_only',
  EACCES: 'denied',
  EPERM: 'denied',
}

function errno(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}

export function isMissing(error: unknown): boolean {
  return errno(error) === 'ENOENT'
}

/** Converts a file system error to ours; the message contains its name (ENOSPC, EIO, EROFS, EMFILE …). */
export function fileError(error: unknown, action: string, what: string): unknown {
  const name = errno(error)
  const ours =
    error instanceof ArchiveError || error instanceof ArchiveMissError || error instanceof SourceFailure
  if (ours || name === undefined) return error
  const code = BY_ERRNO[name] ?? 'io'
  const retryable = code === 'full' || code === 'io'
  return new ArchiveError(code, `Cannot ${action} ${what}: ${name}`, { retryable, cause: error })
}
