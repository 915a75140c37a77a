import { heldBy, type Lease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { seekElsewhere } from './content-state.ts'
import { linkArchived } from './link-archived.ts'
import { archiveQueue } from './queues.ts'
import type { StoredContent } from './stored-content.ts'
import { lockHeld, updateFailed } from './settle-uploads.sql.ts'

/** Attempts before a content is given up; with the backoff below they span half a day. */
export const MAX_UPLOAD_ATTEMPTS = 16
const FIRST_RETRY_SECONDS = 15
const LONGEST_RETRY_SECONDS = 3600

export type UploadOutcome =
  | {
      readonly kind: 'archived'
      readonly url: string
      /** URLs in rows at which the archive does not have the content. */
      readonly wrongUrls: readonly string[]
    }
  /** Neither this cache nor the archive has the bytes. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** `isParked`: retried only on request. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isParked?: boolean }

export interface Settlement {
  readonly lease: Lease
  readonly content: StoredContent
  readonly outcome: UploadOutcome
}

/** Writes the results of uploads, in one transaction. Skips contents whose lease was lost. */
export async function settleUploads(db: Database, settlements: readonly Settlement[]): Promise<void> {
  await db.transaction(async (sql) => {
    // Locked before the rows are read: the statements below see a row that a download adds at the same time, or
    // the download's own statement sees the content as archived.
    const held = await lockHeld(sql, heldBy(settlements.map((settlement) => settlement.lease)))
    const ids = new Set(held.rows.map((row) => row.id))
    const ours = settlements.filter((settlement) => ids.has(settlement.lease.id))
    await settleArchived(sql, ours)
    await settleFailed(sql, ours)
    await settleLost(sql, ours)
  })
}

async function settleArchived(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  await linkArchived(
    sql,
    settlements.flatMap(({ content, outcome }) =>
      outcome.kind === 'archived' ? [{ content, url: outcome.url, wrongUrls: outcome.wrongUrls }] : [],
    ),
  )
}

async function settleLost(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  const lost = settlements.flatMap(({ lease, content, outcome }) =>
    outcome.kind === 'lost' ? [{ lease, content, reason: outcome.reason }] : [],
  )
  if (lost.length === 0) return
  await archiveQueue.release(
    sql,
    lost.map(({ lease }) => lease),
  )
  await seekElsewhere(
    sql,
    lost.map(({ content: { sha256, archiveUrl, cacheId }, reason }) => {
      return { sha256, archiveUrl, cacheId, reason }
    }),
  )
}

async function settleFailed(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  const failed = settlements.flatMap(({ content: { sha256 }, outcome }) =>
    outcome.kind === 'failed'
      ? [{ sha256, reason: outcome.reason, isParked: outcome.isParked ?? false }]
      : [],
  )
  if (failed.length === 0) return
  await updateFailed(sql, [
    JSON.stringify(failed),
    MAX_UPLOAD_ATTEMPTS,
    LONGEST_RETRY_SECONDS,
    FIRST_RETRY_SECONDS,
  ])
}
