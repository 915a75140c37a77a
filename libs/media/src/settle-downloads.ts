import { appendToLog } from '@mediakeep/analysis-status'
import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { reportChanges, type Fate } from './fate.ts'
import { DOWNLOADED_EVENT, queueContents } from './queue-contents.ts'
import { downloadQueue, heldWaiting } from './queues.ts'

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
  await sql.query(LOCK_CONTENTS, [sha256s], PREPARED)
  const settled = await sql.query<{ media_id: string; fate: SettledFate }>(
    SETTLE,
    [
      ...heldBy(fetched.map((one) => one.row)),
      sha256s,
      fetched.map((one) => one.claimedMimeType ?? null),
      fetched.map((one) => one.lengthVerified ?? null),
      fetched.map((one) => one.hasFile),
      cacheId,
    ],
    PREPARED,
  )
  return new Map(settled.rows.map((row) => [row.media_id, row.fate]))
}

const LOCK_CONTENTS = `
  SELECT FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1::text[]) ORDER BY c.sha256_sum FOR NO KEY UPDATE`

const SETTLE = `
  WITH locked AS MATERIALIZED (
    SELECT q.media_id FROM public.post_media q
    WHERE ${heldWaiting(1)} ORDER BY q.media_id FOR UPDATE),
  settled AS (
    UPDATE public.post_media q SET
      fate = CASE WHEN c.rejected_at IS NULL THEN 'fetched' ELSE 'rejected' END,
      fate_reason = CASE WHEN c.rejected_at IS NOT NULL THEN c.rejected_reason
        WHEN NOT d.length_verified THEN 'length unverified' END,
      fate_at = now(), updated_at = now(),
      fetched_at = CASE WHEN c.rejected_at IS NULL THEN now() ELSE q.fetched_at END,
      media_type = c.media_type, mime_type = c.mime_type,
      width = coalesce(c.width, q.width), height = coalesce(c.height, q.height),
      byte_size = c.byte_size, file_size = CASE WHEN c.byte_size <= 2147483647 THEN c.byte_size::int END,
      claimed_mime_type = coalesce(d.claimed_mime_type, q.claimed_mime_type),
      length_verified = coalesce(d.length_verified, q.length_verified),
      archive_url = coalesce(c.archive_url, q.archive_url),
      ai_analysis_log = CASE WHEN c.rejected_at IS NULL
        THEN ${appendToLog('q.ai_analysis_log', DOWNLOADED_EVENT)} ELSE q.ai_analysis_log END,
      ${downloadQueue.tried('NULL')}
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::boolean[],
      $6::boolean[]) AS d (media_id, token, sha256, claimed_mime_type, length_verified, has_file)
    JOIN locked ON locked.media_id = d.media_id
    JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
    WHERE q.media_id = d.media_id AND q.download_lease_token = d.token
    RETURNING q.media_id, q.post_id, q.fate, q.sha256_sum, d.has_file),
  queued AS (${queueContents("SELECT settled.sha256_sum FROM settled WHERE settled.fate = 'fetched' OR settled.has_file", '$7::uuid')}),
  reported AS (${reportChanges(`SELECT s.media_id, s.post_id, 'fate' AS what, 'waiting' AS old_status,
    s.fate AS new_status FROM settled s`)})
  SELECT settled.media_id, settled.fate FROM settled`
