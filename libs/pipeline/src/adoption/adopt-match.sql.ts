// Generated from adopt-match.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectNamedRows = statement<
  [names: readonly (string | null | undefined)[] | null | undefined],
  { name: string; mediaId: string; md5: string | null; sha256: string | null }
>(`
WITH names AS (SELECT DISTINCT name FROM unnest($1::text[]) AS n (name)),
meant AS (
  SELECT names.name, m.media_id FROM public.post_media m
  CROSS JOIN LATERAL (VALUES (md5(m.media_url)), (md5(replace(m.media_url, '&', '&amp;'))), (m.md5_sum),
    (lower(substring(m.local_file_path FROM '([0-9A-Fa-f]{32})\\.[^./]*$')))) AS v (name)
  JOIN names ON names.name = v.name
  UNION
  SELECT names.name, g.survivor_id FROM mediakeep.merged_media g
  JOIN names ON names.name = md5(g.merged_row ->> 'media_url'))
SELECT meant.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
FROM meant JOIN public.post_media m USING (media_id)`)

export const selectRowsOfUrls = statement<
  [names: readonly (string | null | undefined)[] | null | undefined, postIds: readonly (string | null | undefined)[] | null | undefined, sourceKeys: readonly (string | null | undefined)[] | null | undefined],
  { name: string; mediaId: string; md5: string | null; sha256: string | null }
>(`
SELECT u.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
FROM unnest($1::text[], $2::text[], $3::text[]) u (name, post_id, source_key)
JOIN public.post_media m ON m.post_id = u.post_id AND m.source_key = u.source_key`)
