-- @name shareWithMedia
-- @params mediaIds
-- @notNull shared
WITH changed AS (
  INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, result,
      search_text, finished_at)
  SELECT DISTINCT ON (m.sha256_sum) m.sha256_sum, 'older', '0', c.media_type, 'completed',
    jsonb_build_object('text', m.ai_analysis), left(m.ai_analysis, 100000), coalesce(m.ai_analyzed_at, now())
  FROM public.post_media m JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
  -- Our own results are objects with an entry per analyser, in PostgreSQL's jsonb format. Anything else is from
  -- another tool and would be lost when ours is written.
  WHERE m.media_id = ANY ($1::text[]) AND m.ai_analysis_status = 'completed' AND m.ai_analysis <> '{}'
    AND NOT EXISTS (
      SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = m.sha256_sum
        AND (a.analyser = 'older' OR starts_with(m.ai_analysis, '{"' || a.analyser || '": ')))
    AND EXISTS (SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = m.sha256_sum)
  ORDER BY m.sha256_sum, m.ai_analyzed_at DESC NULLS LAST ON CONFLICT DO NOTHING
  RETURNING analysis_id, sha256_sum, analyser, false AS is_configured, state, false AS is_live, result,
    finished_at,
    NULL::text AS rest),
others AS MATERIALIZED (
  SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
    a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
    NULL::text AS rest
  FROM (SELECT DISTINCT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY ($1::text[])) n
  JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
  LEFT JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
  WHERE a.analysis_id NOT IN (SELECT c.analysis_id FROM changed c)),
-- The state of the contents once `changed` is applied, over all their analyses, or only the configured ones if there
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
rows AS MATERIALIZED (
  SELECT m.media_id, m.post_id, s.status, s.analysis, s.finished_at,
    coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started') AS before
  -- Only the new rows: a popular content may have a million others.
  FROM stands s JOIN public.post_media m ON m.sha256_sum = s.sha256_sum AND m.media_id = ANY ($1::text[])
  WHERE m.ai_analysis_status IS DISTINCT FROM s.status AND m.fate <> 'rejected'
  ORDER BY m.media_id FOR NO KEY UPDATE OF m),
-- Finished statuses are reopened first; the hand-in or the safety net takes the next step.
stepped AS (
  SELECT r.media_id, r.post_id, r.analysis, r.finished_at, r.before, CASE
      WHEN r.before = 'completed' OR (r.before = 'failed' AND r.status = 'started') THEN 'not_started'
      ELSE r.status END AS status
  FROM rows r),
marked AS (
  SELECT r.*, CASE r.status WHEN 'not_started' THEN 'ai_analysis_requeued'
      ELSE 'ai_analysis_' || r.status END AS event
  FROM stepped r),
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
          ELSE coalesce(m.ai_analysis_log, '[]') END) || jsonb_strip_nulls(jsonb_build_object(
              'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'event', r.event, 'status', r.status, 'model', NULL::text, 'details', '{"shared": true}'::jsonb)))
  FROM marked r WHERE m.media_id = r.media_id
  RETURNING m.media_id, m.post_id, r.before, r.status AS after),
told AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0)
SELECT count(*) AS shared FROM written;

-- @name selectExpired
-- @params after limit
-- @notNull id token
SELECT q.analysis_id AS id, q.analysis_lease_token AS token
FROM (SELECT c.sha256_sum FROM mediakeep.contents c WHERE c.sha256_sum > $1
  ORDER BY c.sha256_sum LIMIT $2) s
JOIN mediakeep.analyses q ON q.sha256_sum = s.sha256_sum
WHERE q.analysis_lease_token IS NOT NULL AND q.analysis_lease_expires_at < now();

-- @name lockNextContents
-- @params after limit
-- @notNull sha256
SELECT c.sha256_sum AS sha256 FROM mediakeep.contents c WHERE c.sha256_sum > $1
ORDER BY c.sha256_sum LIMIT $2 FOR NO KEY UPDATE;

-- @name shareWithAll
-- @params sha256s
-- @notNull shared
WITH changed AS (
  SELECT NULL::text AS analysis_id, NULL::text AS sha256_sum, NULL::text AS analyser,
    NULL::boolean AS is_configured, NULL::text AS state, NULL::boolean AS is_live, NULL::jsonb AS result,
    NULL::timestamptz AS finished_at, NULL::text AS rest WHERE false),
others AS MATERIALIZED (
  SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
    a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
    NULL::text AS rest
  FROM unnest($1::text[]) n (sha256_sum) JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
  LEFT JOIN mediakeep.analysers g ON g.name = a.analyser AND g.version = a.analyser_version
  WHERE a.analysis_id NOT IN (SELECT c.analysis_id FROM changed c)),
-- The state of the contents once `changed` is applied, over all their analyses, or only the configured ones if there
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
rows AS MATERIALIZED (
  SELECT m.media_id, m.post_id, s.status, s.analysis, s.finished_at,
    coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started') AS before
  FROM stands s JOIN public.post_media m ON m.sha256_sum = s.sha256_sum
  WHERE m.ai_analysis_status IS DISTINCT FROM s.status AND m.fate <> 'rejected'
  ORDER BY m.media_id FOR NO KEY UPDATE OF m),
-- Finished statuses are reopened first; the hand-in or the safety net takes the next step.
stepped AS (
  SELECT r.media_id, r.post_id, r.analysis, r.finished_at, r.before, CASE
      WHEN r.before = 'completed' OR (r.before = 'failed' AND r.status = 'started') THEN 'not_started'
      ELSE r.status END AS status
  FROM rows r),
marked AS (
  SELECT r.*, CASE r.status WHEN 'not_started' THEN 'ai_analysis_requeued'
      ELSE 'ai_analysis_' || r.status END AS event
  FROM stepped r),
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
          ELSE coalesce(m.ai_analysis_log, '[]') END) || jsonb_strip_nulls(jsonb_build_object(
              'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'event', r.event, 'status', r.status, 'model', NULL::text, 'details', '{"shared": true}'::jsonb)))
  FROM marked r WHERE m.media_id = r.media_id
  RETURNING m.media_id, m.post_id, r.before, r.status AS after),
told AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', ('[' || string_agg('{"mediaId":' || to_json(w.media_id) || ',"postId":' || to_json(w.post_id)
      || ',"what":"analysis","from":"' || w.before || '","to":"' || w.after || '"}', ',') || ']')::jsonb
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0)
SELECT count(*) AS shared FROM written;
