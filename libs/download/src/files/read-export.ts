import { openContainer, type Container } from '@mediakeep/containers'
import {
  claimFiles,
  FROM_THE_START,
  setTrouble,
  type LeasedFile,
  type RegisteredExport,
} from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import type { Attempts } from '../attempts.ts'
import { hostFeed } from '../feed.ts'
import type { DownloadRow } from '../queue.ts'
import { exportFile } from './export-file.ts'
import { troubleOf } from './find-trouble.ts'

/** Files of one export that are read at once. */
const LANES = 4

export interface ReadExportParts {
  readonly db: Sql
  readonly attempts: Attempts
  readonly leaseSeconds: number
}

/**
 * Reads the files of an export for which media wait, in the order in which it is read fastest. The export is opened
 * once. Ends early when it is in trouble: it is then marked so.
 */
export async function readExport(
  registered: RegisteredExport,
  { db, attempts, leaseSeconds }: ReadExportParts,
  signal: AbortSignal,
): Promise<void> {
  const container = await openUnchanged(db, registered)
  if (!container) return
  const open = { container, registered }
  try {
    for (const isSuspect of [false, true]) {
      let after = FROM_THE_START
      const feed = hostFeed(async (limit) => {
        const { exportId } = registered
        const claimed = await claimFiles(db, { exportId, after, isSuspect, limit, leaseSeconds })
        after = claimed.at(-1) ?? after
        const rows = claimed.map((row) => toDownload(row, open))
        attempts.begin(rows)
        return rows
      })
      const lane = async (): Promise<void> => {
        while (!signal.aborted) {
          const row = await feed.next()
          if (!row) return
          await attempts.run(row, signal)
        }
      }
      try {
        // A file that kills its process must not take down others.
        await Promise.all(Array.from({ length: isSuspect ? 1 : LANES }, lane))
      } finally {
        await Promise.all((await feed.close()).map((row) => attempts.giveBack(row)))
      }
    }
    const trouble = await troubleOf(registered)
    if (trouble !== undefined) await setTrouble(db, registered.exportId, trouble)
  } finally {
    await container.close()
  }
}

function toDownload(
  row: LeasedFile,
  open: { readonly container: Container; readonly registered: RegisteredExport },
): DownloadRow {
  return { ...row, file: exportFile(open, { path: row.memberPath, url: row.url }) }
}

async function openUnchanged(db: Sql, registered: RegisteredExport): Promise<Container | undefined> {
  let trouble = await troubleOf(registered)
  if (trouble === undefined) {
    try {
      return await openContainer(registered.path)
    } catch (error) {
      trouble = (await troubleOf(registered)) ?? `export_unreadable: ${(error as Error).message}`
    }
  }
  await setTrouble(db, registered.exportId, trouble)
  return undefined
}
