-- @name selectExpired
-- @params limit
-- @notNull id token
SELECT DISTINCT q.analysis_id AS id, q.analysis_lease_token AS token
FROM (SELECT m.sha256_sum FROM public.post_media m WHERE m.ai_analysis_status = 'started'
  UNION ALL SELECT f.sha256_sum FROM mediakeep.analysers g JOIN mediakeep.analyses f ON f.analyser = g.name
  WHERE f.state = 'failed' AND f.finished_at > now() - interval '2 days') s
JOIN mediakeep.analyses q ON q.sha256_sum = s.sha256_sum
WHERE q.analysis_lease_token IS NOT NULL AND q.analysis_lease_expires_at < now() LIMIT $1;
