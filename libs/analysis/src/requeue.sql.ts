// Generated from requeue.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * The contents are locked, so no hand-in can happen meanwhile.
 */
export const requeueContents = statement<
  [chosen: readonly (string | null | undefined)[] | null | undefined, analysers: readonly (string | null | undefined)[] | null | undefined, priority: number | null | undefined, entry: string | null | undefined],
  { count: number }
>(`
WITH configured AS MATERIALIZED (
  SELECT c.sha256_sum, c.media_type, c.created_at, g.name, g.version, a.state,
    bool_or(a.state = 'failed') OVER (PARTITION BY c.sha256_sum) AS has_failed
  FROM mediakeep.contents c JOIN mediakeep.analysers g ON c.media_type = ANY (g.media_types)
  LEFT JOIN mediakeep.analyses a
    ON a.sha256_sum = c.sha256_sum AND a.analyser = g.name AND a.analyser_version = g.version
  WHERE c.sha256_sum = ANY ($1::text[])),
changed AS (
  INSERT INTO mediakeep.analyses AS q (sha256_sum, analyser, analyser_version, media_type, priority)
  SELECT c.sha256_sum, c.name, c.version, c.media_type, $3::smallint FROM configured c
  WHERE ($2::text[] IS NULL OR c.name = ANY ($2)) AND NOT (coalesce(c.has_failed, false)
      AND c.state IS NOT DISTINCT FROM 'completed')
  ORDER BY c.created_at, c.sha256_sum, c.name
  ON CONFLICT (sha256_sum, analyser, analyser_version) DO UPDATE SET state = 'pending',
    priority = excluded.priority,
    place = excluded.place, analysis_attempts = 0, analysis_deaths = 0, analysis_not_before = NULL, error = NULL
  WHERE q.analysis_lease_token IS NULL
  RETURNING q.analysis_id, q.sha256_sum, q.analyser, true AS is_configured, q.state, false AS is_live, q.result,
    q.finished_at, $4::text AS rest),
others AS MATERIALIZED (
  SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
    a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
    NULL::text AS rest
  FROM (SELECT DISTINCT sha256_sum FROM changed) n JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
  LEFT JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
  WHERE a.analysis_id NOT IN (SELECT c.analysis_id FROM changed c)),
-- The state of the contents once \`changed\` is applied, over all their analyses, or only the configured ones if there
-- are any. A permanent failure takes precedence; then a lease; then whether all are completed.
stands AS MATERIALIZED (
  SELECT e.sha256_sum, CASE
      WHEN coalesce(bool_or(e.state = 'failed') FILTER (WHERE e.is_configured), bool_or(e.state = 'failed'))
      THEN 'failed'
      WHEN bool_or(e.is_live) THEN 'started'
      WHEN coalesce(bool_and(e.state = 'completed') FILTER (WHERE e.is_configured), bool_and(e.state = 'completed'))
      THEN 'completed'
      ELSE 'not_started' END AS status,
    coalesce(jsonb_object_agg(e.analyser, e.result)
        FILTER (WHERE e.state = 'completed' AND e.analyser <> 'none'), '{}') AS analysis,
    max(e.finished_at) AS finished_at, max(e.rest) AS rest
  FROM (SELECT * FROM others UNION ALL
    SELECT sha256_sum, analyser, is_configured, state, is_live, result, finished_at, rest FROM changed
    ORDER BY is_configured) e
  GROUP BY e.sha256_sum),
moment AS MATERIALIZED (
  SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at),
newly AS MATERIALIZED (
  SELECT s.*, ('{"timestamp":"' || moment.at || '","status":"' || s.status || '",' || s.rest)::jsonb AS entry
  FROM stands s CROSS JOIN moment),
rows AS MATERIALIZED (
  SELECT o.media_id, o.post_id, coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started') AS before, s.*,
    row_number() OVER (PARTITION BY o.sha256_sum
      ORDER BY coalesce(nullif(o.ai_analysis_status, 'pending'), 'not_started') <> 'started', o.created_at,
        o.media_id) = 1 AS is_first
  FROM newly s JOIN public.post_media o ON o.sha256_sum = s.sha256_sum),
written AS (
  UPDATE public.post_media m SET updated_at = now(), ai_analysis_status = r.status,
    ai_analysis = CASE r.status WHEN 'completed' THEN r.analysis::text ELSE m.ai_analysis END,
    ai_analyzed_at = CASE r.status WHEN 'completed' THEN r.finished_at ELSE m.ai_analyzed_at END,
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
          ELSE coalesce(m.ai_analysis_log, '[]') END) || CASE
          -- Requeued while another analyser is running: the row is reset to not started, then started again for that one.
          WHEN r.before = 'failed' AND r.status = 'started' THEN jsonb_build_array(
            jsonb_set(r.entry, '{status}', '"not_started"'), jsonb_set(r.entry, '{event}', '"ai_analysis_started"'))
          WHEN r.is_first AND r.before <> 'not_started' THEN r.entry
          ELSE jsonb_set(r.entry, '{details,shared}', 'true') END)
  FROM rows r WHERE m.media_id = r.media_id
  RETURNING m.media_id, m.post_id, r.before, r.status AS after),
told AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0)
SELECT count(*) AS count FROM changed`)
