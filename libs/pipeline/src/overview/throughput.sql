-- @name selectThroughput
-- @params unit spanHours stepHours steps
-- @notNull start fetched archived analysed
WITH times AS MATERIALIZED (
  SELECT date_trunc($1, now(), 'UTC') - make_interval(hours => $2::int) + n * make_interval(hours => $3::int) AS start
  FROM generate_series(0, $4::int) n),
media AS (
  SELECT date_trunc($1, d.at, 'UTC') AS start, count(*) FILTER (WHERE d.what = 'fetched') AS fetched,
    count(*) FILTER (WHERE d.what = 'analysed') AS analysed
  FROM public.post_media m
  CROSS JOIN LATERAL (VALUES ('fetched', m.fetched_at),
    ('analysed', CASE m.ai_analysis_status WHEN 'completed' THEN m.ai_analyzed_at END)) d (what, at)
  WHERE d.at >= (SELECT min(start) FROM times) AND d.at <= now() GROUP BY 1),
contents AS (
  SELECT date_trunc($1, c.archived_at, 'UTC') AS start, count(*) AS archived
  FROM mediakeep.contents c WHERE c.archived_at >= (SELECT min(start) FROM times) AND c.archived_at <= now() GROUP BY 1)
SELECT times.start, coalesce(media.fetched, 0) AS fetched, coalesce(contents.archived, 0) AS archived,
  coalesce(media.analysed, 0) AS analysed
FROM times LEFT JOIN media USING (start) LEFT JOIN contents USING (start) ORDER BY 1;
