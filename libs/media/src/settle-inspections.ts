import { actorJson } from '@mediakeep/custody'
import { type MediaFacts, quarantineName } from '@mediakeep/content'
import { heldBy, type Lease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { changeFates, inRowBatches, mediaShowing } from './change-fates.ts'
import { seekElsewhere } from './content-state.ts'
import { listInQuarantine, type QuarantinedFile } from './quarantined-files.ts'
import { inspectQueue } from './queues.ts'
import type { StoredContent } from './stored-content.ts'
import {
  clearLocalPaths,
  lockHeld,
  selectRejectedContents,
  updateFailed,
  updateParked,
  updatePassed,
  updateRejected,
  updateRemoved,
} from './settle-inspections.sql.ts'

export type Verdict =
  /** `note`: the decoder's objection to a file that a person released. */
  | { readonly kind: 'passed'; readonly facts: MediaFacts; readonly note?: string }
  /** Its file must still be moved to quarantine; its lease is held until then. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** No verdict yet; to be retried. `isCounted`: the file may be to blame, not the machine. */
  | {
      readonly kind: 'failed'
      readonly reason: string
      readonly retrySeconds: number
      readonly isCounted: boolean
    }
  /** No verdict, and no more attempts until requested or the decoders change. Its file stays. */
  | { readonly kind: 'parked'; readonly reason: string; readonly version: string }
  /** The cache has no file for it. */
  | { readonly kind: 'lost'; readonly reason: string }

export interface Inspection {
  readonly lease: Lease
  readonly verdict: Verdict
}

/**
 * Writes verdicts on contents, and on all the rows that show them, in one transaction. Skips contents whose
 * lease was lost.
 *
 * @returns the SHA-256 of the contents rejected by this call
 */
export async function settleInspections(
  db: Database,
  inspections: readonly Inspection[],
): Promise<Set<string>> {
  return db.transaction(async (sql) => {
    // Locked before the rows are read: the statements below see a download that settles at the same time, or that
    // download sees the verdict itself.
    const held = await lockHeld(sql, heldBy(inspections.map(({ lease }) => lease)))
    const ids = new Set(held.rows.map((row) => row.id))
    const ours = inspections.filter(({ lease }) => ids.has(lease.id))
    await settlePassed(sql, ours)
    await settleFailed(sql, ours)
    await settleParked(sql, ours)
    await settleLost(sql, ours)
    return await settleRejected(sql, ours)
  })
}

/**
 * Sets the fate of the rows of rejected contents, in batches. The verdict is already written, so rows that a download
 * adds in the meantime see it. @param sha256s of rejected contents
 */
export async function rejectRows(db: Database, sha256s: readonly string[]): Promise<void> {
  if (sha256s.length === 0) return
  const found = await selectRejectedContents(db, [sha256s])
  const reasons = new Map(found.rows.map(({ sha256, reason }) => [sha256, reason]))
  const shown = await mediaShowing(db, [...reasons.keys()])
  const rows = shown.map(({ mediaId, sha256 }) => ({ mediaId, reason: reasons.get(sha256)! }))
  await changeFates(db, rows, { to: 'rejected', from: 'fetched' })
}

/** A rejected content whose file has left the cache. */
export interface Removed {
  readonly lease: Lease
  readonly content: StoredContent
  /** True if the quarantine has its file. */
  readonly isQuarantined: boolean
}

/**
 * Ends the leases of rejected contents whose files are out of the cache, and lists those in quarantine. A content
 * that was downloaded again stays queued.
 */
export async function settleRemoved(
  db: Database,
  cacheId: string,
  removed: readonly Removed[],
): Promise<void> {
  if (removed.length === 0) return
  const shown = await mediaShowing(db, removed.map(({ content }) => content.sha256)) // prettier-ignore
  await inRowBatches(shown, (batch) => clearLocalPaths(db, [batch.map(({ mediaId }) => mediaId)]))
  await db.transaction(async (sql) => {
    const ended = await updateRemoved(sql, heldBy(removed.map(({ lease }) => lease)))
    const reasons = new Map(ended.rows.map(({ sha256, reason }) => [sha256, reason]))
    const files = removed.flatMap(({ content, isQuarantined }): QuarantinedFile[] => {
      const reason = reasons.get(content.sha256)
      if (!isQuarantined || reason === undefined) return []
      const { sha256, byteSize } = content
      return [{ fileName: quarantineName(content), sha256, byteSize, reason }]
    })
    await listInQuarantine(sql, cacheId, files)
  })
}

async function settlePassed(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const passed = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'passed' ? [{ sha256: lease.id, ...verdict.facts, note: verdict.note }] : [],
  )
  if (passed.length === 0) return
  await updatePassed(sql, [JSON.stringify(passed)])
}

async function settleRejected(sql: Sql, inspections: readonly Inspection[]): Promise<Set<string>> {
  const rejected = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'rejected' ? [{ sha256: lease.id, reason: verdict.reason }] : [],
  )
  if (rejected.length === 0) return new Set()
  await updateRejected(sql, [JSON.stringify(rejected), actorJson()])
  return new Set(rejected.map(({ sha256 }) => sha256))
}

async function settleFailed(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const failed = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'failed' ? [{ sha256: lease.id, ...verdict }] : [],
  )
  if (failed.length === 0) return
  await updateFailed(sql, [JSON.stringify(failed)])
}

async function settleParked(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const parked = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'parked' ? [{ sha256: lease.id, ...verdict }] : [],
  )
  if (parked.length === 0) return
  await updateParked(sql, [JSON.stringify(parked)])
}

async function settleLost(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const lost = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'lost' ? [{ lease, sha256: lease.id, reason: verdict.reason }] : [],
  )
  if (lost.length === 0) return
  await inspectQueue.release(
    sql,
    lost.map(({ lease }) => lease),
  )
  await seekElsewhere(sql, lost)
}
