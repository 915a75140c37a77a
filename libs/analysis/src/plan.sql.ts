// Generated from plan.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const planNext = statement<
  [limit: number | null | undefined],
  { planned: number }
>(`
WITH set AS MATERIALIZED (SELECT max(generation) AS generation FROM mediakeep.analysers),
taken AS MATERIALIZED (
  SELECT c.sha256_sum, c.media_type, c.created_at FROM mediakeep.contents c
  WHERE c.inspected_at IS NOT NULL AND c.rejected_at IS NULL
    AND c.analysis_generation < (SELECT generation FROM set)
  ORDER BY c.analysis_generation, c.created_at, c.sha256_sum LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED),
planned AS (
  UPDATE mediakeep.contents c SET analysis_generation = (SELECT generation FROM set)
  FROM taken t WHERE c.sha256_sum = t.sha256_sum),
open AS MATERIALIZED (
  SELECT t.*, a.is_new FROM taken t CROSS JOIN LATERAL (
    SELECT count(*) = 0 AS is_new, bool_or(a.state <> 'completed') AS is_open
    FROM mediakeep.analyses a WHERE a.sha256_sum = t.sha256_sum) a
  WHERE a.is_new OR a.is_open),
-- Rows of contents that are new here may hold data of an older tool. A status without a lease is reset. A result is
-- kept, counts until the content is requeued, and is shared with the content's other rows.
stale AS (SELECT o.sha256_sum, o.media_type FROM open o WHERE o.is_new),
rows AS MATERIALIZED (
  SELECT o.media_id, o.post_id, coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started') AS before, s.*,
    row_number() OVER (PARTITION BY o.sha256_sum
      ORDER BY coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started') <> 'started', o.created_at,
        o.media_id) = 1 AS is_first
  FROM stale s JOIN public.post_media o ON o.sha256_sum = s.sha256_sum),
older AS MATERIALIZED (
  SELECT DISTINCT ON (r.sha256_sum) r.sha256_sum, r.media_type, m.ai_analysis, m.ai_analyzed_at
  FROM rows r JOIN public.post_media m ON m.media_id = r.media_id
  WHERE r.before = 'completed' ORDER BY r.sha256_sum, m.ai_analyzed_at DESC NULLS LAST),
kept AS (
  INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, result, search_text,
      finished_at)
  SELECT o.sha256_sum, 'older', '0', o.media_type, 'completed', jsonb_build_object('text', o.ai_analysis),
    left(o.ai_analysis, 100000), coalesce(o.ai_analyzed_at, now())
  FROM older o ON CONFLICT DO NOTHING),
untaken AS MATERIALIZED (
  SELECT s.sha256_sum, s.media_type FROM stale s
  WHERE s.sha256_sum NOT IN (SELECT older.sha256_sum FROM older)
    AND NOT EXISTS (SELECT FROM mediakeep.analysers g WHERE s.media_type = ANY (g.media_types))),
-- A content that no analyser takes gets a completed, empty analysis named "none", so that projecting analyses onto
-- rows needs no special case.
skipped AS (
  INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, result, finished_at)
  SELECT u.sha256_sum, 'none', '0', u.media_type, 'completed', '{}', now() FROM untaken u ON CONFLICT DO NOTHING),
added AS (
  INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type)
  SELECT o.sha256_sum, g.name, g.version, o.media_type
  FROM open o JOIN mediakeep.analysers g ON o.media_type = ANY (g.media_types)
  WHERE o.sha256_sum NOT IN (SELECT older.sha256_sum FROM older)
  ORDER BY o.created_at, o.sha256_sum, g.name
  ON CONFLICT DO NOTHING),
outcomes AS MATERIALIZED (
  SELECT r.media_id, r.post_id, r.before, CASE
      WHEN u.sha256_sum IS NOT NULL THEN 'skipped'
      WHEN o.sha256_sum IS NOT NULL AND r.before <> 'completed' THEN 'shared'
      WHEN r.before IN ('started', 'failed') THEN 'requeued' END AS outcome,
    jsonb_build_object('older', jsonb_build_object('text', o.ai_analysis)) AS older, o.ai_analyzed_at AS older_at
  FROM rows r LEFT JOIN untaken u ON u.sha256_sum = r.sha256_sum
  LEFT JOIN older o ON o.sha256_sum = r.sha256_sum),
written AS (
  UPDATE public.post_media m SET updated_at = now(),
    ai_analysis_status = CASE r.outcome WHEN 'requeued' THEN 'not_started' ELSE 'completed' END,
    ai_analysis = CASE r.outcome WHEN 'requeued' THEN m.ai_analysis WHEN 'shared' THEN r.older::text ELSE '{}' END,
    ai_analyzed_at = CASE r.outcome WHEN 'requeued' THEN m.ai_analyzed_at
      WHEN 'shared' THEN coalesce(r.older_at, now()) ELSE now() END,
    ai_analysis_log = ((CASE
          WHEN jsonb_typeof(m.ai_analysis_log) <> 'array' THEN jsonb_build_array(m.ai_analysis_log)
          WHEN jsonb_array_length(m.ai_analysis_log) >= 99 THEN (SELECT jsonb_agg(kept.entry ORDER BY kept.n) FROM (
            SELECT e.entry, e.n FROM jsonb_array_elements(m.ai_analysis_log) WITH ORDINALITY e (entry, n)
            WHERE e.n <= 20 OR e.n > jsonb_array_length(m.ai_analysis_log) - 77
            UNION ALL
            SELECT jsonb_build_object('timestamp', last.entry -> 'timestamp', 'event', 'log_truncated',
                'status', last.entry -> 'status', 'details',
                jsonb_build_object('dropped', jsonb_array_length(m.ai_analysis_log) - 77 - 20
                    + CASE WHEN m.ai_analysis_log -> 20 ->> 'event' = 'log_truncated'
                      THEN (m.ai_analysis_log -> 20 -> 'details' ->> 'dropped')::bigint - 1 ELSE 0 END)), 20 + 0.5
            FROM (SELECT m.ai_analysis_log -> (jsonb_array_length(m.ai_analysis_log) - 77 - 1) AS entry) last) kept)
          ELSE coalesce(m.ai_analysis_log, '[]') END) || CASE r.outcome WHEN 'requeued' THEN jsonb_strip_nulls(jsonb_build_object(
              'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'event', 'ai_analysis_requeued', 'status', 'not_started', 'model', NULL::text, 'details',
              '{"reason": "planned"}'::jsonb)) WHEN 'shared' THEN jsonb_strip_nulls(jsonb_build_object(
                  'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                  'event', 'ai_analysis_completed', 'status', 'completed', 'model', NULL::text, 'details',
                  '{"analyser": "older", "shared": true}'::jsonb)) ELSE jsonb_strip_nulls(jsonb_build_object(
                      'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                      'event', 'ai_analysis_skipped', 'status', 'completed', 'model', NULL::text, 'details',
                      jsonb_build_object('reason', 'no configured analyser takes ' || m.media_type)::jsonb)) END)
  FROM outcomes r WHERE m.media_id = r.media_id AND r.outcome IS NOT NULL
  RETURNING m.media_id, m.post_id, r.before, m.ai_analysis_status AS after),
told AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0)
SELECT count(*) AS planned FROM taken`)
