import type { Database, Sql } from '@mediakeep/sql'
import { ROWS_AT_ONCE } from './fate.ts'
import { selectShownMedia, updateFates } from './change-fates.sql.ts'

/** The media that show contents, in order. */
export async function mediaShowing(sql: Sql, sha256s: readonly string[]): Promise<ShownMedia[]> {
  const shown = await selectShownMedia(sql, [sha256s])
  return shown.rows
}

export interface ShownMedia {
  readonly mediaId: string
  readonly sha256: string
}

/** Calls `write` for one batch of rows after another; each call should be its own transaction. */
export async function inRowBatches<Row>(
  rows: readonly Row[],
  write: (batch: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await write(rows.slice(from, from + ROWS_AT_ONCE))
  }
}

export interface FateChange {
  readonly to: 'rejected' | 'fetched' | 'waiting'
  /** Changes only rows of this fate. */
  readonly from?: 'fetched' | 'rejected' | undefined
  /** A person's decision: true records it, false takes it back; undefined leaves it unchanged. */
  readonly isJudged?: boolean | undefined
}

/** Changes the fate of rows, in batches, each with its event. @returns the ids of the rows that had the fate `from` */
export async function changeFates(
  db: Database,
  rows: readonly { readonly mediaId: string; readonly reason: string | null }[],
  { to, from, isJudged }: FateChange,
): Promise<string[]> {
  const changed: string[] = []
  await inRowBatches(rows, async (batch) => {
    const written = await updateFates(db, [
      batch.map(({ mediaId }) => mediaId),
      batch.map(({ reason }) => reason),
      to,
      from ?? null,
      isJudged ?? null,
    ])
    changed.push(...written.rows.map(({ id }) => id))
  })
  return changed
}
