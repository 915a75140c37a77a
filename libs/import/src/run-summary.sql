-- @name selectRunProgress
-- @params runId
-- @notNull status
-- @row status: 'running' | 'completed' | 'failed'
SELECT run_id AS "runId", d.status, d.error_message AS error,
  r.bytes_total AS "bytesTotal", r.bytes_read AS "bytesRead",
  json_build_object('processed', r.posts_processed, 'new', r.posts_new, 'known', r.posts_known,
    'rejected', r.posts_rejected) AS posts,
  coalesce(r.options -> 'formats', '{}') AS formats, coalesce(r.options -> 'skipped', '{}') AS skipped,
  json_build_object('found', r.media_found, 'new', r.media_new, 'refreshed', r.media_refreshed) AS "references"
FROM mediakeep.import_runs r JOIN public.download_runs d USING (run_id) WHERE run_id = $1;

-- @name selectMediaSummary
-- @params runId
-- @notNull found waiting fetched expired gone blocked rejected failed deduplicated
SELECT count(*)::integer AS found,
  (count(*) FILTER (WHERE m.fate = 'waiting'))::integer AS waiting,
  (count(*) FILTER (WHERE m.fate = 'fetched'))::integer AS fetched,
  (count(*) FILTER (WHERE m.fate = 'expired'))::integer AS expired,
  (count(*) FILTER (WHERE m.fate = 'gone'))::integer AS gone,
  (count(*) FILTER (WHERE m.fate = 'blocked'))::integer AS blocked,
  (count(*) FILTER (WHERE m.fate = 'rejected'))::integer AS rejected,
  (count(*) FILTER (WHERE m.fate = 'failed'))::integer AS failed,
  (count(m.sha256_sum) FILTER (WHERE m.fate = 'fetched')
    - count(DISTINCT m.sha256_sum) FILTER (WHERE m.fate = 'fetched'))::integer AS deduplicated
FROM public.post_media m
WHERE m.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1);

-- @name selectRejectedPosts
-- @params runId limit
SELECT file, post_index AS index, pointer, code, reason, excerpt FROM mediakeep.rejected_posts
WHERE run_id = $1 ORDER BY file, post_index LIMIT $2;
