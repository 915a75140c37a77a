import { cachePath } from '@mediakeep/content'
import { heldBy, leaseQueue, type Lease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { sendToSource } from './content-state.ts'
import type { KeptContent } from './kept-content.ts'

export const archiveQueue = leaseQueue({
  table: 'mediakeep.contents',
  id: 'sha256_sum',
  prefix: 'archive',
  pending: `q.archive_url IS NULL AND q.archive_not_before IS NOT NULL
    AND q.inspected_at IS NOT NULL AND q.rejected_at IS NULL`,
  order: 'q.archive_not_before',
})

/** Attempts at one content before it is given up; with the backoff below they span half a day. */
export const MAX_ATTEMPTS = 16
const FIRST_RETRY_SECONDS = 15
const LONGEST_RETRY_SECONDS = 3600

export type UploadOutcome =
  | {
      readonly kind: 'archived'
      readonly url: string
      /** URLs that rows bear though the archive does not hold the content there. */
      readonly wrongUrls: readonly string[]
    }
  /** Neither the cache nor the archive has the bytes. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

export interface Settlement {
  readonly lease: Lease
  readonly content: KeptContent
  readonly outcome: UploadOutcome
}

/** Writes how uploads ended, in one transaction. What was held by a lost lease is left alone. */
export async function settleUploads(db: Database, settlements: readonly Settlement[]): Promise<void> {
  await db.transaction(async (sql) => {
    // Locked before the rows are read: a row that a download adds at the same time is either seen by the
    // statements below, or its own statement sees the content as archived.
    const held = await sql.query<{ id: string }>(
      `SELECT q.sha256_sum AS id FROM mediakeep.contents q WHERE ${archiveQueue.held('q', 1)}
       ORDER BY q.sha256_sum FOR UPDATE`,
      heldBy(settlements.map((settlement) => settlement.lease)),
    )
    const ids = new Set(held.rows.map((row) => row.id))
    const ours = settlements.filter((settlement) => ids.has(settlement.lease.id))
    await settleArchived(sql, ours)
    await settleFailed(sql, ours)
    await settleLost(sql, ours)
  })
}

// Rows that were sent back to their source, or found it gone, while another row brought the same bytes again.
const REVIVED = `(m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
  AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now()))`
const UNLINKED = '(m.archive_url IS NULL OR m.archive_url = ANY (a.wrong))'

async function settleArchived(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  const archived = settlements.flatMap(({ content, outcome }) =>
    outcome.kind === 'archived'
      ? [{ sha256: content.sha256, url: outcome.url, wrong: outcome.wrongUrls, path: cachePath(content) }]
      : [],
  )
  if (archived.length === 0) return
  await sql.query(
    `WITH archived AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS a (sha256 text, url text, wrong text[], path text)),
     contents AS (
       UPDATE mediakeep.contents q SET archive_url = a.url, archived_at = now(), archive_verified_at = now(),
         archive_attempts = 0, archive_error = NULL, ${archiveQueue.ended('NULL')}
       FROM archived a WHERE q.sha256_sum = a.sha256),
     before AS MATERIALIZED (
       SELECT m.media_id, m.archive_url, m.fate FROM public.post_media m
       JOIN archived a ON m.sha256_sum = a.sha256 WHERE ${UNLINKED} OR ${REVIVED}
       ORDER BY m.media_id FOR NO KEY UPDATE OF m),
     shown AS (
       UPDATE public.post_media m SET updated_at = now(),
         archive_url = CASE WHEN ${UNLINKED} THEN a.url ELSE m.archive_url END,
         local_file_path = CASE WHEN m.fetched_at IS NULL THEN m.local_file_path
           ELSE coalesce(m.local_file_path, a.path) END,
         fate = CASE WHEN ${REVIVED} THEN 'fetched' ELSE m.fate END,
         fate_reason = CASE WHEN ${REVIVED} THEN NULL ELSE m.fate_reason END,
         fate_at = CASE WHEN ${REVIVED} THEN now() ELSE m.fate_at END,
         download_not_before = CASE WHEN ${REVIVED} THEN NULL ELSE m.download_not_before END
       FROM archived a, before b WHERE m.media_id = b.media_id AND m.sha256_sum = a.sha256
       RETURNING m.media_id, m.post_id, m.fate, m.archive_url, b.fate AS old_fate, b.archive_url AS old_url),
     changed AS (
       SELECT media_id, post_id, 'fate' AS what, old_fate AS old_status, fate AS new_status
       FROM shown WHERE fate <> old_fate
       UNION ALL
       SELECT media_id, post_id, 'archive', NULL, 'archived'
       FROM shown WHERE archive_url IS DISTINCT FROM old_url)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', media_id, 'postId', post_id, 'what', what,
       'from', old_status, 'to', new_status) ORDER BY media_id, what DESC)
     FROM changed HAVING count(*) > 0`,
    [JSON.stringify(archived)],
  )
}

async function settleLost(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  const lost = settlements.flatMap(({ lease, outcome }) =>
    outcome.kind === 'lost' ? [{ lease, sha256: lease.id, reason: outcome.reason }] : [],
  )
  if (lost.length === 0) return
  await archiveQueue.release(
    sql,
    lost.map(({ lease }) => lease),
  )
  await sendToSource(sql, lost)
}

async function settleFailed(sql: Sql, settlements: readonly Settlement[]): Promise<void> {
  const failed = settlements.flatMap(({ content: { sha256 }, outcome }) =>
    outcome.kind === 'failed' ? [{ sha256, reason: outcome.reason }] : [],
  )
  if (failed.length === 0) return
  const wait = `least($3, $4 * 2 ^ (q.archive_attempts - 1))`
  await sql.query(
    `UPDATE mediakeep.contents q SET archive_error = f.reason,
       ${archiveQueue.ended(`CASE WHEN q.archive_attempts < $2 THEN now() + make_interval(secs => ${wait}) END`)}
     FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text) WHERE q.sha256_sum = f.sha256`,
    [JSON.stringify(failed), MAX_ATTEMPTS, LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS],
  )
}
