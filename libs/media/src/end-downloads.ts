import type { FetchFate } from '@mediakeep/content'
import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { updateEnded } from './end-downloads.sql.ts'

/** The end of an attempt that produced no file. */
export interface DownloadEnding {
  /** `url`: the URL that was tried. */
  readonly row: HeldLease & { readonly url: string }
  /** `waiting` gives the row back: its attempt does not count. */
  readonly fate: FetchFate | 'waiting'
  /** Ignored when the row is given back: it keeps its old reason. */
  readonly reason?: string | undefined
  /** Seconds until the next attempt; if undefined, immediately for a row given back, never for others. */
  readonly retrySeconds?: number | undefined
  /** Seconds for which the row's host asked for a pause; a row given back waits for longer than that. */
  readonly hostSeconds?: number | undefined
}

/**
 * Ends attempts without a file. A row whose URL was replaced during the attempt goes back to the queue; one that
 * was fetched before and is archived stays fetched. A retry is due before the URL expires.
 *
 * @returns the current fate of each row, or undefined if the lease was lost and nothing was written
 */
export async function endDownloads(
  sql: Sql,
  endings: readonly DownloadEnding[],
): Promise<(string | undefined)[]> {
  if (endings.length === 0) return []
  const ended = await updateEnded(sql, [
    ...heldBy(endings.map((one) => one.row)),
    endings.map((one) => one.fate),
    endings.map((one) => one.reason ?? null),
    endings.map((one) => one.retrySeconds ?? null),
    endings.map((one) => one.row.url),
    endings.map((one) => one.hostSeconds ?? null),
  ])
  const fates = new Map(ended.rows.map((row) => [row.media_id, row.fate]))
  return endings.map((one) => fates.get(one.row.id))
}
