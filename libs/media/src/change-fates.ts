import type { Database, Sql } from '@mediakeep/sql'
import { reportChanges, ROWS_AT_ONCE } from './fate.ts'

/** The media that show contents, in order. */
export async function mediaShowing(sql: Sql, sha256s: readonly string[]): Promise<ShownMedia[]> {
  const shown = await sql.query<ShownMedia>(
    `SELECT m.media_id AS "mediaId", m.sha256_sum AS sha256 FROM public.post_media m
     WHERE m.sha256_sum = ANY($1::text[]) ORDER BY m.media_id`,
    [sha256s],
  )
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
    const written = await db.query<{ id: string }>(CHANGE, [
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

const CHANGE = `
  WITH given AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS g (media_id, reason)),
  locked AS MATERIALIZED (
    SELECT m.media_id, m.fate, g.reason FROM given g JOIN public.post_media m ON m.media_id = g.media_id
    WHERE $4::text IS NULL OR m.fate = $4 ORDER BY m.media_id FOR UPDATE OF m),
  changed AS (
    UPDATE public.post_media m SET fate = $3, fate_reason = l.reason, fate_at = now(), updated_at = now(),
      fetched_at = CASE WHEN $3 = 'fetched' THEN coalesce(m.fetched_at, now()) ELSE m.fetched_at END,
      judged_at = CASE WHEN $5::boolean IS NULL THEN m.judged_at WHEN $5 THEN now() END,
      download_attempts = CASE WHEN $3 = 'waiting' THEN 0 ELSE m.download_attempts END, download_deaths = 0,
      download_not_before = NULL, download_lease_token = NULL, download_lease_expires_at = NULL
    FROM locked l WHERE m.media_id = l.media_id RETURNING m.media_id, m.post_id, l.fate AS was),
  reported AS (${reportChanges(`SELECT c.media_id, c.post_id, 'fate' AS what, c.was AS old_status, $3::text AS new_status
    FROM changed c WHERE c.was <> $3`)})
  SELECT changed.media_id AS id FROM changed`
