import type { Sql } from '@mediakeep/sql'

/** A row that a file's name speaks of. */
export interface MatchedRow {
  readonly mediaId: string
  /** What the row knows of its content so far. */
  readonly md5: string | null
  readonly sha256: string | null
}

/**
 * The rows that old file names mean: the MD5 of their URL, now or before they were merged; the MD5 of their
 * content; or the name in their `local_file_path`. One pass over all rows, however many names there are.
 */
export async function matchNames(sql: Sql, names: readonly string[]): Promise<Map<string, MatchedRow[]>> {
  const found = await sql.query<MatchedRow & { name: string }>(
    `WITH names AS (SELECT DISTINCT name FROM unnest($1::text[]) AS n (name)),
     meant AS (
       SELECT names.name, m.media_id FROM public.post_media m
       CROSS JOIN LATERAL (VALUES (md5(m.media_url)), (m.md5_sum),
         (lower(substring(m.local_file_path FROM '([0-9A-Fa-f]{32})\\.[^./]*$')))) AS v (name)
       JOIN names ON names.name = v.name
       UNION
       SELECT names.name, g.survivor_id FROM mediakeep.merged_media g
       JOIN names ON names.name = md5(g.merged_row ->> 'media_url'))
     SELECT meant.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
     FROM meant JOIN public.post_media m USING (media_id)`,
    [names],
  )
  return Map.groupBy(found.rows, (row) => row.name)
}
