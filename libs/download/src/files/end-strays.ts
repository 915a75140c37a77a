import { claimStrays, FILE_HOST, readFilesAgain, type Stray } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import type { Attempts } from '../attempts.ts'
import type { DownloadRow } from '../queue.ts'
import { FileError, urlHost } from './export-file.ts'

const AT_ONCE = 500

export interface StrayParts {
  readonly db: Sql
  readonly attempts: Attempts
  readonly leaseSeconds: number
}

/**
 * Ends media whose file cannot be read now, so that they do not wait: with the reason of their export, or as gone if no
 * export has the file. Files that were read or refused are read again if a request or lost bytes ask for it.
 */
export async function endStrays(
  { db, attempts, leaseSeconds }: StrayParts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await readFilesAgain(db, AT_ONCE)) > 0);
  while (!signal.aborted) {
    const rows = (await claimStrays(db, { limit: AT_ONCE, leaseSeconds })).map(toDownload)
    attempts.begin(rows)
    await Promise.all(rows.map((row) => attempts.run(row, signal)))
    if (rows.length < AT_ONCE) return
  }
}

/** An attempt that fails, unless the row's file is in the cache already. */
function toDownload({ trouble, ...row }: Stray): DownloadRow {
  const path = row.url.startsWith(FILE_HOST) ? row.url.slice(FILE_HOST.length) : row.url
  const read = (): never => {
    throw trouble === null
      ? new FileError('absent', `missing_in_export: ${path}`)
      : new FileError('export', trouble)
  }
  return { ...row, file: { exportId: undefined, path, urlHost: urlHost(row.url), read } }
}
