import type { Database, Sql } from '@mediakeep/sql'
import { downloadQueue } from './queue.ts'

const MIN_SOURCES = 5
const MIN_AUTHORS = 3
/** Rows looked at per content: enough to tell, and bounded where one picture is shown a million times. */
const SAMPLE = 500

/**
 * Flags contents that many URLs of unrelated posts and authors show: perhaps a host's "expired" picture. A
 * person judges.
 */
export async function flagPlaceholders(sql: Sql, sha256s: readonly string[]): Promise<void> {
  if (sha256s.length === 0) return
  await sql.query(
    `UPDATE mediakeep.contents c SET placeholder_suspected_at = now()
     WHERE c.sha256_sum = ANY($1::text[]) AND c.placeholder_suspected_at IS NULL AND (
       SELECT count(DISTINCT shown.source_key) >= $2 AND count(DISTINCT shown.author_username) >= $3
       FROM (SELECT m.source_key, p.author_username FROM public.post_media m JOIN public.posts p USING (post_id)
             WHERE m.sha256_sum = c.sha256_sum LIMIT $4) shown)`,
    [sha256s, MIN_SOURCES, MIN_AUTHORS, SAMPLE],
  )
}

/**
 * Judges the content that a media item shows to be a placeholder: all its rows take the fate `rejected`, those
 * to come as well. Its file goes the way of what an inspection rejects: back into that queue, from which the cache
 * that holds it removes it. An archived object stays: a judgement can be wrong, and an archive forgets nothing.
 * Where nothing was fetched, the row alone is rejected.
 *
 * @returns the ids of the rejected rows; none when the media item does not exist
 */
export function rejectContent(
  db: Database,
  { mediaId, reason }: { readonly mediaId: string; readonly reason: string },
): Promise<string[]> {
  return db.transaction(async (sql) => {
    await sql.query(
      `UPDATE mediakeep.contents c SET rejected_at = now(), rejected_reason = $2, archive_not_before = NULL,
         inspected_at = NULL, inspect_error = NULL, inspect_attempts = 0, inspect_deaths = 0,
         inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_not_before = now(),
         inspect_lease_token = NULL, inspect_lease_expires_at = NULL
       FROM public.post_media m WHERE m.media_id = $1 AND c.sha256_sum = m.sha256_sum`,
      [mediaId, reason],
    )
    const rejected = await sql.query<{ media_id: string }>(
      `WITH judged AS MATERIALIZED (
         SELECT r.media_id FROM public.post_media r WHERE r.media_id = $1
         UNION SELECT r.media_id FROM public.post_media m JOIN public.post_media r ON r.sha256_sum = m.sha256_sum
         WHERE m.media_id = $1),
       locked AS MATERIALIZED (
         SELECT q.media_id, q.fate FROM public.post_media q JOIN judged USING (media_id)
         ORDER BY q.media_id FOR UPDATE OF q),
       rejected AS (
         UPDATE public.post_media q SET fate = 'rejected', fate_reason = $2, fate_at = now(), updated_at = now(),
           judged_at = now(), ${downloadQueue.ended('NULL')}
         FROM locked WHERE q.media_id = locked.media_id RETURNING q.media_id, q.post_id, locked.fate AS was),
       event AS (
         INSERT INTO mediakeep.events (kind, changes)
         SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', r.media_id, 'postId', r.post_id, 'what', 'fate',
           'from', r.was, 'to', 'rejected')) FROM rejected r WHERE r.was <> 'rejected' HAVING count(*) > 0)
       SELECT rejected.media_id FROM rejected`,
      [mediaId, reason],
    )
    return rejected.rows.map((row) => row.media_id)
  })
}
