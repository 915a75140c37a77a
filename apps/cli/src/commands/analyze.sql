-- @name selectStatuses
-- @params mediaIds
-- @notNull mediaId
SELECT m.media_id AS "mediaId", m.ai_analysis_status AS status,
  string_agg(a.analyser || ': ' || a.error, '; ' ORDER BY a.analyser) FILTER (WHERE a.state <> 'completed') AS reason
FROM public.post_media m LEFT JOIN mediakeep.analyses a USING (sha256_sum)
WHERE m.media_id = ANY($1) GROUP BY m.media_id ORDER BY m.media_id;
