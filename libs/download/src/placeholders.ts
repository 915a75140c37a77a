import type { Sql } from '@mediakeep/sql'

const MIN_SOURCES = 5
const MIN_AUTHORS = 3
/** Rows checked per content: enough to decide, and bounded where one picture is shown a million times. */
const SAMPLE = 500

/**
 * Flags contents shown by many URLs of unrelated posts and authors: possibly a host's "expired" picture. A
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
