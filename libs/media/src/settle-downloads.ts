import { actorJson } from '@mediakeep/custody'
import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { type Fate } from './fate.ts'
import { lockContents, updateDownloaded } from './settle-downloads.sql.ts'

/** A download whose file is in the cache, or whose content is rejected. */
export interface FetchedMedia {
  readonly row: HeldLease
  readonly sha256: string
  readonly claimedMimeType: string | undefined
  /** Undefined when nothing was fetched because the file was already here. */
  readonly lengthVerified: boolean | undefined
  /** The cache may have a file of it. */
  readonly hasFile: boolean
}

type SettledFate = Extract<Fate, 'fetched' | 'rejected'>

const PREPARED = { prepare: true }

/**
 * Ends attempts whose file is in the cache, inside a transaction: records the facts about the bytes in the row, and
 * queues the content for inspection or the archive. Rows of a rejected content are rejected with its reason.
 *
 * @returns the fate of each row by its id; rows whose lease was lost are left out and not written
 */
export async function settleDownloads(
  sql: Sql,
  cacheId: string,
  fetched: readonly FetchedMedia[],
): Promise<Map<string, SettledFate>> {
  const sha256s = fetched.map((one) => one.sha256)
  // Before the rows are read: the next statement sees an inspection that ends at the same time, or that inspection
  // sees these rows itself.
  await lockContents(sql, [sha256s], PREPARED)
  const settled = await updateDownloaded(
    sql,
    [
      ...heldBy(fetched.map((one) => one.row)),
      sha256s,
      fetched.map((one) => one.claimedMimeType ?? null),
      fetched.map((one) => one.lengthVerified ?? null),
      fetched.map((one) => one.hasFile),
      cacheId,
      actorJson(),
    ],
    PREPARED,
  )
  return new Map(settled.rows.map((row) => [row.media_id, row.fate]))
}
