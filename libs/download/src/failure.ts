import {
  CacheUnavailableError,
  CacheWriteError,
  FetchError,
  InspectorUnavailableError,
  NotMediaError,
} from '@mediakeep/content'
import type { DownloadEnding } from '@mediakeep/media'
import { backoff, storableText } from '@mediakeep/sql'
import { FileError } from './files/export-file.ts'
import type { DownloadRow } from './queue.ts'

export const MAX_ATTEMPTS = 8

const FIRST_RETRY_SECONDS = 10
const MAX_RETRY_SECONDS = 3_600
const RETRY = {
  first: FIRST_RETRY_SECONDS,
  longest: MAX_RETRY_SECONDS,
  factor: 3,
  jitter: [0.75, 1.25],
} as const
const MAX_WAIT_SECONDS = 86_400

/** The end of an attempt that produced no file. */
export interface RowEnding extends DownloadEnding {
  readonly row: DownloadRow
  /** Nothing is known about the row's file: its export is in trouble. */
  readonly keepsFile?: true
}

/** Consequences of a failed attempt for its row, its host, and the stage. */
export interface Failure {
  readonly ending: RowEnding
  /** The host that asked for the wait, which applies to the row's host too: differs after a redirect. */
  readonly answeredBy?: string | undefined
  /** Not the row's fault: the cache accepts no files now, or nothing can be inspected here. */
  readonly isMachineTrouble?: true
  /** An unexpected error that needs attention. */
  readonly isUnexpected?: true
}

export function explainFailure(row: DownloadRow, error: unknown): Failure {
  if (error instanceof FileError) return explainFileError(row, error)
  if (error instanceof InspectorUnavailableError || isCacheTrouble(error)) {
    return { ending: { row, fate: 'waiting' }, isMachineTrouble: true }
  }
  if (error instanceof NotMediaError) {
    return { ending: { row, fate: 'rejected', reason: reasonOf(error.code, error.message) } }
  }
  if (!(error instanceof FetchError)) {
    return { ending: retryOf(row, reasonOf('unexpected', String(error))), isUnexpected: true }
  }
  if (error.retryAfterMs !== undefined) {
    const hostSeconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, error.retryAfterMs / 1000))
    return { ending: { row, fate: 'waiting', hostSeconds }, answeredBy: error.host }
  }
  const reason = reasonOf(error.code, error.message)
  return { ending: error.fate === 'failed' ? retryOf(row, reason) : { row, fate: error.fate, reason } }
}

function explainFileError(row: DownloadRow, { kind, code, message }: FileError): Failure {
  const reason = storableText(message, 500)
  if (kind === 'reading') return { ending: retryOf(row, reason) }
  if (kind === 'member') return { ending: { row, fate: code === 'bomb' ? 'rejected' : 'failed', reason } }
  return { ending: { row, fate: kind === 'absent' ? 'gone' : 'failed', reason, keepsFile: true } }
}

/** The ending of a row whose process died each time, in the last attempts with this row alone. */
export function parkedAfterDeaths(row: DownloadRow): RowEnding {
  return {
    row,
    fate: 'failed',
    reason: `process_died: ${row.deaths} times in a row; it is tried again only on request`,
  }
}

/** No retry after the last attempt. */
function retryOf(row: DownloadRow, reason: string): RowEnding {
  if (row.attempt >= MAX_ATTEMPTS) {
    return { row, fate: 'failed', reason: `gave up after ${row.attempt} attempts: ${reason}` }
  }
  return { row, fate: 'failed', reason, retrySeconds: backoff(row.attempt, RETRY) }
}

// A message may contain untrusted bytes.
function reasonOf(code: string, message: string): string {
  return storableText(`${code}: ${message}`, 500)
}

const SPACE_CODES = ['ENOSPC', 'EDQUOT']
const DISK_CODES = [...SPACE_CODES, 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM']

/**
 * True if the cache or its disk is to blame, here or in a cause. EACCES and EPERM count only for files, not sockets;
 * ENOENT on creating a file means that its folder is missing.
 */
function isCacheTrouble(error: unknown): boolean {
  return withCauses(error).some((cause) => {
    const { code, syscall } = cause as NodeJS.ErrnoException
    if (cause instanceof CacheUnavailableError) return true
    if (cause instanceof CacheWriteError) return code !== 'size_mismatch'
    if (code === 'ENOENT' && syscall === 'open') return true
    return code !== undefined && DISK_CODES.includes(code) && syscall !== 'connect'
  })
}

/** True if the disk, or this user's quota on it, has no space for a file. */
export function isOutOfSpace(error: unknown): boolean {
  return withCauses(error).some(({ code = '' }: NodeJS.ErrnoException) => SPACE_CODES.includes(code))
}

function withCauses(error: unknown): Error[] {
  const causes: Error[] = []
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) causes.push(cause)
  return causes
}
