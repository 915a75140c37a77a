-- @name lockHeldContents
-- @params ids tokens
-- @notNull id sha256 analyser version attempt deaths
SELECT q.analysis_id AS id, c.sha256_sum AS sha256, q.analyser, q.analyser_version AS version,
  q.analysis_attempts + 1 AS attempt, q.analysis_deaths AS deaths, q.worker, q.error
FROM unnest((SELECT $1::text[]), (SELECT $2::uuid[])) h (id, token)
JOIN mediakeep.analyses q ON q.analysis_id = h.id AND q.analysis_lease_token = h.token
JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
ORDER BY c.sha256_sum FOR NO KEY UPDATE OF c;

-- @name addRefused
-- @params refused
INSERT INTO mediakeep.counters AS c (name, value) VALUES ('analysis_refused', $1)
ON CONFLICT (name) DO UPDATE SET value = c.value + excluded.value, updated_at = now();

-- @name settleUncounted
-- Settles attempts none of which used tokens or money.
-- @params ids tokens isExpired states waits attempts errors results searchTexts perceptualHashes thumbhashes dominantColors models tokensUsed costsUsd durationsMs entries actor
-- @notNull id state
-- @row state: 'pending' | 'completed' | 'failed'
WITH given AS MATERIALIZED (
  SELECT * FROM unnest((SELECT $1::text[]), (SELECT $2::uuid[]), (SELECT $3::boolean[]), (SELECT $4::text[]),
      (SELECT $5::float8[]), (SELECT $6::integer[]), (SELECT $7::text[]), (SELECT $8::jsonb[]), (SELECT $9::text[]),
      (SELECT $10::text[]), (SELECT $11::text[]), (SELECT $12::text[]), (SELECT $13::text[]), (SELECT $14::bigint[]),
      (SELECT $15::float8[]), (SELECT $16::bigint[]), (SELECT $17::text[])) AS g (id, token, expired, state, wait,
          attempts, error, result, search_text, perceptual_hash, thumbhash, dominant_color, model, tokens_used, cost_usd,
          duration_ms, rest)),
ended AS (
  UPDATE mediakeep.analyses q SET state = g.state, analysis_attempts = g.attempts, error = g.error,
    finished_at = CASE g.state WHEN 'pending' THEN q.finished_at ELSE now() END,
    -- The newest three earlier results are kept.
    earlier_results = CASE WHEN g.result IS NULL OR q.result IS NULL THEN q.earlier_results
      ELSE coalesce(CASE WHEN jsonb_array_length(q.earlier_results) < 3
            THEN q.earlier_results ELSE q.earlier_results - 0 END, '[]') || jsonb_build_array(
                jsonb_build_object('result', q.result, 'model', q.model, 'finishedAt', q.finished_at)) END,
    result = coalesce(g.result, q.result),
    search_text = CASE WHEN g.result IS NULL THEN q.search_text ELSE g.search_text END,
    perceptual_hash = CASE WHEN g.result IS NULL THEN q.perceptual_hash
      ELSE ('x' || g.perceptual_hash)::bit(64)::bigint END,
    thumbhash = CASE WHEN g.result IS NULL THEN q.thumbhash ELSE g.thumbhash END,
    dominant_color = CASE WHEN g.result IS NULL THEN q.dominant_color ELSE g.dominant_color END,
    model = coalesce(g.model, q.model), duration_ms = coalesce(g.duration_ms, q.duration_ms),
    tokens_used = CASE WHEN g.tokens_used IS NULL THEN q.tokens_used
      ELSE coalesce(q.tokens_used, 0) + g.tokens_used END, cost_usd = CASE WHEN g.cost_usd IS NULL THEN q.cost_usd
      ELSE coalesce(q.cost_usd, 0) + g.cost_usd END,
    analysis_lease_token = NULL, analysis_lease_expires_at = NULL,
    -- A holder whose lease expired is presumed dead.
    analysis_deaths = CASE WHEN g.expired THEN q.analysis_deaths ELSE 0 END,
    analysis_not_before = now() + make_interval(secs => g.wait)
  -- A CASE, so that the planner does not conclude from the tokens that there is only one row.
  FROM given g WHERE q.analysis_id = g.id AND CASE WHEN q.analysis_lease_token = g.token
      THEN NOT g.expired OR q.analysis_lease_expires_at < now() ELSE false END
  RETURNING q.analysis_id, q.sha256_sum, q.analyser, q.analyser_version, q.state, q.result, q.finished_at, g.rest,
    g.tokens_used AS took_tokens, g.cost_usd AS took_usd),
changed AS MATERIALIZED (
  SELECT e.analysis_id, e.sha256_sum, e.analyser, g.name IS NOT NULL AS is_configured, e.state, false AS is_live,
    e.result, e.finished_at, e.rest
  FROM ended e LEFT JOIN mediakeep.analysers g ON g.name = e.analyser AND g.version = e.analyser_version),
others AS MATERIALIZED (
  SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
    a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
    NULL::text AS rest
  FROM ended n JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
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
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT 'analysed', 'items', $18::jsonb, jsonb_agg(jsonb_build_object('subject', 'content:' || i.sha256_sum,
    'analyser', i.analyser, 'version', i.analyser_version))
  FROM (SELECT e.sha256_sum, e.analyser, e.analyser_version, (row_number() OVER () - 1) / 1000 AS part
    FROM ended e WHERE e.state = 'completed') i GROUP BY i.part)
SELECT e.analysis_id AS id, e.state FROM ended e;

-- @name settleCounted
-- Settles attempts, and adds what they used to the analysers' totals.
-- @params ids tokens isExpired states waits attempts errors results searchTexts perceptualHashes thumbhashes dominantColors models tokensUsed costsUsd durationsMs entries actor
-- @notNull id state
-- @row state: 'pending' | 'completed' | 'failed'
WITH given AS MATERIALIZED (
  SELECT * FROM unnest((SELECT $1::text[]), (SELECT $2::uuid[]), (SELECT $3::boolean[]), (SELECT $4::text[]),
      (SELECT $5::float8[]), (SELECT $6::integer[]), (SELECT $7::text[]), (SELECT $8::jsonb[]), (SELECT $9::text[]),
      (SELECT $10::text[]), (SELECT $11::text[]), (SELECT $12::text[]), (SELECT $13::text[]), (SELECT $14::bigint[]),
      (SELECT $15::float8[]), (SELECT $16::bigint[]), (SELECT $17::text[])) AS g (id, token, expired, state, wait,
          attempts, error, result, search_text, perceptual_hash, thumbhash, dominant_color, model, tokens_used, cost_usd,
          duration_ms, rest)),
ended AS (
  UPDATE mediakeep.analyses q SET state = g.state, analysis_attempts = g.attempts, error = g.error,
    finished_at = CASE g.state WHEN 'pending' THEN q.finished_at ELSE now() END,
    -- The newest three earlier results are kept.
    earlier_results = CASE WHEN g.result IS NULL OR q.result IS NULL THEN q.earlier_results
      ELSE coalesce(CASE WHEN jsonb_array_length(q.earlier_results) < 3
            THEN q.earlier_results ELSE q.earlier_results - 0 END, '[]') || jsonb_build_array(
                jsonb_build_object('result', q.result, 'model', q.model, 'finishedAt', q.finished_at)) END,
    result = coalesce(g.result, q.result),
    search_text = CASE WHEN g.result IS NULL THEN q.search_text ELSE g.search_text END,
    perceptual_hash = CASE WHEN g.result IS NULL THEN q.perceptual_hash
      ELSE ('x' || g.perceptual_hash)::bit(64)::bigint END,
    thumbhash = CASE WHEN g.result IS NULL THEN q.thumbhash ELSE g.thumbhash END,
    dominant_color = CASE WHEN g.result IS NULL THEN q.dominant_color ELSE g.dominant_color END,
    model = coalesce(g.model, q.model), duration_ms = coalesce(g.duration_ms, q.duration_ms),
    tokens_used = CASE WHEN g.tokens_used IS NULL THEN q.tokens_used
      ELSE coalesce(q.tokens_used, 0) + g.tokens_used END, cost_usd = CASE WHEN g.cost_usd IS NULL THEN q.cost_usd
      ELSE coalesce(q.cost_usd, 0) + g.cost_usd END,
    analysis_lease_token = NULL, analysis_lease_expires_at = NULL,
    -- A holder whose lease expired is presumed dead.
    analysis_deaths = CASE WHEN g.expired THEN q.analysis_deaths ELSE 0 END,
    analysis_not_before = now() + make_interval(secs => g.wait)
  -- A CASE, so that the planner does not conclude from the tokens that there is only one row.
  FROM given g WHERE q.analysis_id = g.id AND CASE WHEN q.analysis_lease_token = g.token
      THEN NOT g.expired OR q.analysis_lease_expires_at < now() ELSE false END
  RETURNING q.analysis_id, q.sha256_sum, q.analyser, q.analyser_version, q.state, q.result, q.finished_at, g.rest,
    g.tokens_used AS took_tokens, g.cost_usd AS took_usd),
used AS (
  INSERT INTO mediakeep.analysis_usage AS u (analyser, day, tokens_used, cost_usd)
  SELECT e.analyser, (now() AT TIME ZONE 'UTC')::date, coalesce(sum(e.took_tokens), 0),
    coalesce(sum(e.took_usd), 0)
  FROM ended e WHERE e.took_tokens > 0 OR e.took_usd > 0 GROUP BY e.analyser ORDER BY e.analyser
  ON CONFLICT (analyser, day) DO UPDATE SET tokens_used = u.tokens_used + excluded.tokens_used,
    cost_usd = u.cost_usd + excluded.cost_usd),
changed AS MATERIALIZED (
  SELECT e.analysis_id, e.sha256_sum, e.analyser, g.name IS NOT NULL AS is_configured, e.state, false AS is_live,
    e.result, e.finished_at, e.rest
  FROM ended e LEFT JOIN mediakeep.analysers g ON g.name = e.analyser AND g.version = e.analyser_version),
others AS MATERIALIZED (
  SELECT a.sha256_sum, a.analyser, g.name IS NOT NULL AS is_configured, a.state,
    a.analysis_lease_token IS NOT NULL AS is_live, a.result, a.finished_at,
    NULL::text AS rest
  FROM ended n JOIN mediakeep.analyses a ON a.sha256_sum = n.sha256_sum
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
  FROM written w WHERE w.before <> w.after HAVING count(*) > 0),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT 'analysed', 'items', $18::jsonb, jsonb_agg(jsonb_build_object('subject', 'content:' || i.sha256_sum,
    'analyser', i.analyser, 'version', i.analyser_version))
  FROM (SELECT e.sha256_sum, e.analyser, e.analyser_version, (row_number() OVER () - 1) / 1000 AS part
    FROM ended e WHERE e.state = 'completed') i GROUP BY i.part)
SELECT e.analysis_id AS id, e.state FROM ended e;
