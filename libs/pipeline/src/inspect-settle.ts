import type { MediaFacts } from '@mediakeep/content'
import { heldBy, leaseQueue, type Lease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { seekElsewhere } from './content-state.ts'

/** Contents that nobody has inspected; of rejected ones those whose file is still to be removed. */
export const inspectQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'inspect',
  pending: 'q.inspected_at IS NULL AND q.cache_id IS NOT NULL AND q.inspect_parked_at IS NULL',
  order: 'q.inspect_not_before',
})

export type Verdict =
  | { readonly kind: 'passed'; readonly facts: MediaFacts }
  /** Its file is still to be removed, its lease is held until then. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** No verdict yet: to be tried again. `isCounted`: the file may be to blame, and not the machine. */
  | {
      readonly kind: 'failed'
      readonly reason: string
      readonly retrySeconds: number
      readonly isCounted: boolean
    }
  /** No verdict, and no more attempts unless somebody asks, or the decoders become other ones. Its file stays. */
  | { readonly kind: 'parked'; readonly reason: string; readonly version: string }
  /** The cache has no file of it. */
  | { readonly kind: 'lost'; readonly reason: string }

export interface Inspection {
  readonly lease: Lease
  readonly verdict: Verdict
}

/**
 * Writes verdicts on contents, and on all the rows that show them, in one transaction. What was held by a lost
 * lease is left alone.
 *
 * @returns the SHA-256 of contents that are rejected now
 */
export async function settleInspections(
  db: Database,
  inspections: readonly Inspection[],
): Promise<Set<string>> {
  return db.transaction(async (sql) => {
    // Locked before the rows are read: a download that settles at the same time is either seen by the statements
    // below, or sees the verdict itself.
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

/** Ends the leases of rejected contents whose files were removed. Where a download brought one anew, it stays queued. */
export async function settleRemoved(db: Database, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return
  await db.query(
    `WITH locked AS MATERIALIZED (
       SELECT q.sha256_sum FROM mediakeep.contents q WHERE ${inspectQueue.held('q', 1)}
       ORDER BY q.sha256_sum FOR NO KEY UPDATE),
     removed AS (
       UPDATE mediakeep.contents q SET cache_id = NULL, ${inspectQueue.ended('NULL')}
       FROM locked WHERE q.sha256_sum = locked.sha256_sum RETURNING q.sha256_sum)
     UPDATE public.post_media m SET local_file_path = NULL
     FROM removed r WHERE m.sha256_sum = r.sha256_sum AND m.fate = 'rejected' AND m.local_file_path IS NOT NULL`,
    heldBy(leases),
  )
}

/** An element of an event: SQL over a row `m`. */
const changeTo = (to: string): string => `jsonb_build_object('mediaId', m.media_id, 'postId', m.post_id,
  'what', 'fate', 'from', 'fetched', 'to', '${to}')`

async function settlePassed(sql: Sql, inspections: readonly Inspection[]): Promise<void> {
  const passed = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'passed' ? [{ sha256: lease.id, ...verdict.facts }] : [],
  )
  if (passed.length === 0) return
  await sql.query(
    `WITH passed AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS p (sha256 text, width integer, height integer, "durationMs" float8, findings text[])),
     contents AS (
       UPDATE mediakeep.contents q SET width = p.width, height = p.height,
         duration_ms = round(p."durationMs")::bigint, findings = p.findings,
         inspected_at = now(), inspect_error = NULL,
         archive_not_before = CASE WHEN q.archive_url IS NULL AND q.rejected_at IS NULL THEN now() END,
         ${inspectQueue.tried('NULL')}
       FROM passed p WHERE q.sha256_sum = p.sha256),
     changed AS (
       UPDATE public.post_media m SET width = p.width, height = p.height, updated_at = now()
       FROM passed p WHERE m.sha256_sum = p.sha256 AND p.width IS NOT NULL
         AND (m.width, m.height) IS DISTINCT FROM (p.width, p.height)
       RETURNING m.media_id, m.post_id, m.fate)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(${changeTo('fetched')}) FROM changed m WHERE m.fate = 'fetched' HAVING count(*) > 0`,
    [JSON.stringify(passed)],
  )
}

async function settleRejected(sql: Sql, inspections: readonly Inspection[]): Promise<Set<string>> {
  const rejected = inspections.flatMap(({ lease, verdict }) =>
    verdict.kind === 'rejected' ? [{ sha256: lease.id, reason: verdict.reason }] : [],
  )
  if (rejected.length === 0) return new Set()
  await sql.query(
    `WITH rejected AS (
       SELECT r.sha256, coalesce(q.rejected_reason, r.reason) AS reason
       FROM jsonb_to_recordset($1::jsonb) AS r (sha256 text, reason text)
       JOIN mediakeep.contents q ON q.sha256_sum = r.sha256),
     contents AS (
       UPDATE mediakeep.contents q SET rejected_at = coalesce(q.rejected_at, now()), rejected_reason = r.reason,
         inspect_error = NULL, archive_not_before = NULL
       FROM rejected r WHERE q.sha256_sum = r.sha256),
     locked AS MATERIALIZED (
       SELECT m.media_id, r.reason FROM rejected r JOIN public.post_media m ON m.sha256_sum = r.sha256
       WHERE m.fate = 'fetched' ORDER BY m.media_id FOR UPDATE OF m),
     changed AS (
       UPDATE public.post_media m SET fate = 'rejected', fate_reason = l.reason, fate_at = now(), updated_at = now()
       FROM locked l WHERE m.media_id = l.media_id RETURNING m.media_id, m.post_id)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(${changeTo('rejected')}) FROM changed m HAVING count(*) > 0`,
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
