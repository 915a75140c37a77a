-- @name selectNamedRows
-- @params names
-- @notNull name
WITH names AS (SELECT DISTINCT name FROM unnest($1::text[]) AS n (name)),
meant AS (
  SELECT names.name, m.media_id FROM public.post_media m
  CROSS JOIN LATERAL (VALUES (md5(m.media_url)), (md5(replace(m.media_url, '&', '&amp;'))), (m.md5_sum),
    (lower(substring(m.local_file_path FROM '([0-9A-Fa-f]{32})\.[^./]*$')))) AS v (name)
  JOIN names ON names.name = v.name
  UNION
  SELECT names.name, g.survivor_id FROM mediakeep.merged_media g
  JOIN names ON names.name = md5(g.merged_row ->> 'media_url'))
SELECT meant.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
FROM meant JOIN public.post_media m USING (media_id);

-- @name selectRowsOfUrls
-- @params names postIds sourceKeys
-- @notNull name
SELECT u.name, m.media_id AS "mediaId", m.md5_sum AS md5, m.sha256_sum AS sha256
FROM unnest($1::text[], $2::text[], $3::text[]) u (name, post_id, source_key)
JOIN public.post_media m ON m.post_id = u.post_id AND m.source_key = u.source_key;
