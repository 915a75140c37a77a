import { heldBy } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { flagPlaceholders } from './placeholders.ts'
import { downloadQueue, type DownloadRow } from './queue.ts'

export interface Kept {
  readonly row: DownloadRow
  readonly sha256: string
  /** Whether other rows showed this content already. */
  readonly isKnown: boolean
  readonly claimedMimeType: string | undefined
  /** Undefined when nothing was fetched: the file was here. */
  readonly lengthVerified: boolean | undefined
}

/**
 * Ends attempts whose file is in the cache: the row tells what the bytes are, and the content joins the
 * archive's queue, in one statement. Rows of a rejected content are rejected with its reason.
 *
 * @returns the fate of each row, or undefined where the lease was lost and nothing was written
 */
export async function settleKept(
  sql: Sql,
  cacheId: string,
  kept: readonly Kept[],
): Promise<('fetched' | 'rejected' | undefined)[]> {
  const settled = await sql.query<{ media_id: string; fate: 'fetched' | 'rejected' }>(SETTLE, [
    ...heldBy(kept.map((one) => one.row)),
    kept.map((one) => one.sha256),
    kept.map((one) => one.claimedMimeType ?? null),
    kept.map((one) => one.lengthVerified ?? null),
    cacheId,
  ])
  await flagPlaceholders(sql, repeated(kept))
  const fates = new Map(settled.rows.map((row) => [row.media_id, row.fate]))
  return kept.map((one) => fates.get(one.row.id))
}

/** Contents that more than one row shows; a fresh one cannot be a placeholder yet. */
function repeated(kept: readonly Kept[]): string[] {
  const seen = new Set<string>()
  const repeated = kept.filter(({ sha256, isKnown }) => isKnown || seen.size === seen.add(sha256).size)
  return [...new Set(repeated.map((one) => one.sha256))]
}

const EVENT = `jsonb_build_object(
  'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'event', 'media_downloaded',
  'status', coalesce(nullif(q.ai_analysis_status, 'pending'), 'not_started'),
  'details', jsonb_build_object('file_size', c.byte_size, 'mime_type', c.mime_type, 'md5_sum', c.md5_sum))`

// A content whose upload was given up is tried again only when the bytes come from another cache.
const SETTLE = `
  WITH locked AS MATERIALIZED (
    SELECT q.media_id FROM public.post_media q
    WHERE ${downloadQueue.held('q', 1)} AND q.fate = 'waiting' ORDER BY q.media_id FOR UPDATE),
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
        THEN coalesce(q.ai_analysis_log, '[]') || jsonb_build_array(${EVENT}) ELSE q.ai_analysis_log END,
      ${downloadQueue.ended('NULL')}
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::boolean[])
      AS d (media_id, token, sha256, claimed_mime_type, length_verified)
    JOIN locked ON locked.media_id = d.media_id
    JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
    WHERE q.media_id = d.media_id AND ${downloadQueue.held('q', 1)} AND q.fate = 'waiting'
    RETURNING q.media_id, q.fate, q.sha256_sum),
  queued AS (
    UPDATE mediakeep.contents c SET cache_id = $6::uuid, archive_not_before = now(),
      archive_attempts = 0, archive_error = NULL
    WHERE c.sha256_sum IN (SELECT settled.sha256_sum FROM settled WHERE settled.fate = 'fetched')
      AND c.archive_url IS NULL AND c.archive_not_before IS NULL
      AND (c.archive_error IS NULL OR c.cache_id IS DISTINCT FROM $6::uuid))
  SELECT settled.media_id, settled.fate FROM settled`
