import type { FetchFate } from '@mediakeep/content'
import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { reportChanges } from './fate.ts'
import { downloadQueue, heldWaiting } from './queues.ts'

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
  const ended = await sql.query<{ media_id: string; fate: string }>(END, [
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

const GIVEN_BACK = `(e.fate = 'waiting' OR q.media_url <> e.url)`
const STAYS_FETCHED = `(q.fetched_at IS NOT NULL AND q.archive_url IS NOT NULL AND q.sha256_sum IS NOT NULL
  AND NOT EXISTS (SELECT FROM mediakeep.contents c
    WHERE c.sha256_sum = q.sha256_sum AND c.archive_missing_since IS NOT NULL))`

/**
 * When a row is due whose host asked for a pause. If this row alone is to blame, it must not block its host each
 * time: other rows get the host for at least as long as the pause, and for longer after each repetition.
 * A URL about to expire is due once half its remaining time has passed, or the host's pause ends.
 */
const BEHIND_ITS_HOST = `now() + least(
  greatest(make_interval(secs => 2 * e.host_seconds), interval '10 seconds',
    least(2 * coalesce(q.download_not_before - q.updated_at, interval '0'), interval '24 hours')),
  CASE WHEN q.url_expires_at > now() THEN
    greatest(make_interval(secs => e.host_seconds + 1), (q.url_expires_at - now()) / 2) END)`

const END = `
  WITH locked AS MATERIALIZED (
    SELECT q.media_id FROM public.post_media q
    WHERE ${heldWaiting(1)} ORDER BY q.media_id FOR UPDATE),
  ended AS (UPDATE public.post_media q SET
    fate = CASE WHEN ${GIVEN_BACK} THEN 'waiting' WHEN ${STAYS_FETCHED} THEN 'fetched' ELSE e.fate END,
    fate_reason = CASE WHEN ${GIVEN_BACK} THEN q.fate_reason ELSE e.reason END,
    fate_at = CASE WHEN ${GIVEN_BACK} THEN q.fate_at ELSE now() END,
    updated_at = CASE WHEN ${GIVEN_BACK} AND e.host_seconds IS NULL THEN q.updated_at ELSE now() END,
    download_attempts = CASE WHEN ${GIVEN_BACK} THEN q.download_attempts ELSE q.download_attempts + 1 END,
    ${downloadQueue.ended(`CASE
      WHEN q.media_url <> e.url OR (e.fate <> 'waiting' AND ${STAYS_FETCHED}) THEN NULL
      WHEN e.host_seconds IS NOT NULL THEN ${BEHIND_ITS_HOST}
      WHEN q.url_expires_at > now() AND e.fate <> 'waiting' THEN least(
        now() + make_interval(secs => e.retry_seconds),
        now() + greatest((q.url_expires_at - now()) / 2, interval '5 seconds'))
      ELSE now() + make_interval(secs => e.retry_seconds) END`)}
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[],
    $7::float8[]) AS e (media_id, token, fate, reason, retry_seconds, url, host_seconds)
  JOIN locked ON locked.media_id = e.media_id
  WHERE q.media_id = e.media_id AND q.download_lease_token = e.token
  RETURNING q.media_id, q.post_id, q.fate),
  reported AS (${reportChanges(`SELECT e.media_id, e.post_id, 'fate' AS what, 'waiting' AS old_status,
    e.fate AS new_status FROM ended e WHERE e.fate <> 'waiting'`)})
  SELECT ended.media_id, ended.fate FROM ended`
