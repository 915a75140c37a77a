import { type MediaFacts, quarantineName } from '@mediakeep/content'
import { heldBy, type Lease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { changeFates, inRowBatches, mediaShowing } from './change-fates.ts'
import { seekElsewhere } from './content-state.ts'
import { reportChanges } from './fate.ts'
import { listInQuarantine, type QuarantinedFile } from './quarantined-files.ts'
import { inspectQueue } from './queues.ts'
import type { StoredContent } from './stored-content.ts'

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
    const held = await sql.query<{ id: string }>(
      `SELECT q.sha256_sum AS id FROM mediakeep.contents q WHERE ${inspectQueue.held('q', 1)}
       ORDER BY q.sha256_sum FOR NO KEY UPDATE`,
      heldBy(inspections.map(({ lease }) => lease)),
    )
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
  const found = await db.query<{ sha256: string; reason: string }>(
    `SELECT c.sha256_sum AS sha256, c.rejected_reason AS reason FROM mediakeep.contents c
     WHERE c.sha256_sum = ANY($1::text[]) AND c.rejected_at IS NOT NULL`,
    [sha256s],
  )
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
  await inRowBatches(shown, (batch) =>
    db.query(
      `UPDATE public.post_media m SET local_file_path = NULL
       WHERE m.media_id = ANY($1::text[]) AND m.fate = 'rejected' AND m.local_file_path IS NOT NULL`,
      [batch.map(({ mediaId }) => mediaId)],
    ),
  )
  await db.transaction(async (sql) => {
    const ended = await sql.query<{ sha256: string; reason: string }>(
      `WITH locked AS MATERIALIZED (
         SELECT q.sha256_sum FROM mediakeep.contents q WHERE ${inspectQueue.held('q', 1)}
         ORDER BY q.sha256_sum FOR NO KEY UPDATE)
       UPDATE mediakeep.contents q SET cache_id = NULL, ${inspectQueue.ended('NULL')}
       FROM locked WHERE q.sha256_sum = locked.sha256_sum
       RETURNING q.sha256_sum AS sha256, q.rejected_reason AS reason`,
      heldBy(removed.map(({ lease }) => lease)),
    )
    const reasons = new Map(ended.rows.map(({ sha256, reason }) => [sha256, reason]))
    const files = removed.flatMap(({ content, isQuarantined }): QuarantinedFile[] => {
      const reason = reasons.get(content.sha256)
      if (!isQuarantined || reason === undefined) return []
      const { sha256, byteSize, extension } = content
      return [{ fileName: quarantineName(content, extension), sha256, byteSize, reason }]
    })
    await listInQuarantine(sql, cacheId, files)
  })
}

async function settlePassed(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const passed = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'passed' ? [{ sha256: lease.id, ...verdict.facts, note: verdict.note }] : [],
  )
  if (passed.length === 0) return
  await sql.query(
    `WITH passed AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS p (sha256 text, width integer, height integer, "durationMs" float8, findings text[], note text)),
     contents AS (
       UPDATE mediakeep.contents q SET width = p.width, height = p.height,
         duration_ms = round(p."durationMs")::bigint, findings = p.findings,
         inspected_at = now(), inspect_error = p.note,
         archive_not_before = CASE WHEN q.archive_url IS NULL AND q.rejected_at IS NULL THEN now() END,
         ${inspectQueue.tried('NULL')}
       FROM passed p WHERE q.sha256_sum = p.sha256),
     changed AS (
       UPDATE public.post_media m SET width = p.width, height = p.height, updated_at = now()
       FROM passed p WHERE m.sha256_sum = p.sha256 AND p.width IS NOT NULL
         AND (m.width, m.height) IS DISTINCT FROM (p.width, p.height)
       RETURNING m.media_id, m.post_id, m.fate)
     ${reportChanges(`SELECT m.media_id, m.post_id, 'fate' AS what, 'fetched' AS old_status, 'fetched' AS new_status
       FROM changed m WHERE m.fate = 'fetched'`)}`,
    [JSON.stringify(passed)],
  )
}

async function settleRejected(sql: Sql, inspections: readonly Inspection[]): Promise<Set<string>> {
  const rejected = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'rejected' ? [{ sha256: lease.id, reason: verdict.reason }] : [],
  )
  if (rejected.length === 0) return new Set()
  await sql.query(
    `UPDATE mediakeep.contents q SET rejected_at = coalesce(q.rejected_at, now()),
       rejected_reason = coalesce(q.rejected_reason, r.reason), inspect_error = NULL, archive_not_before = NULL
     FROM jsonb_to_recordset($1::jsonb) AS r (sha256 text, reason text) WHERE q.sha256_sum = r.sha256`,
    [JSON.stringify(rejected)],
  )
  return new Set(rejected.map(({ sha256 }) => sha256))
}

async function settleFailed(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const failed = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'failed' ? [{ sha256: lease.id, ...verdict }] : [],
  )
  if (failed.length === 0) return
  await sql.query(
    `UPDATE mediakeep.contents q SET inspect_error = f.reason,
       inspect_attempts = q.inspect_attempts + f."isCounted"::int,
       ${inspectQueue.ended(`now() + make_interval(secs => f."retrySeconds")`)}
     FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text, "retrySeconds" float8, "isCounted" boolean)
     WHERE q.sha256_sum = f.sha256`,
    [JSON.stringify(failed)],
  )
}

async function settleParked(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const parked = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'parked' ? [{ sha256: lease.id, ...verdict }] : [],
  )
  if (parked.length === 0) return
  await sql.query(
    `UPDATE mediakeep.contents q SET inspect_error = f.reason, inspect_parked_at = now(),
       inspect_parked_version = f.version, ${inspectQueue.ended('NULL')}
     FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text, version text)
     WHERE q.sha256_sum = f.sha256`,
    [JSON.stringify(parked)],
  )
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
