-- @name selectRun
-- @params runId
-- @notNull run
SELECT jsonb_build_object(
  'runId', i.run_id, 'status', d.status, 'error', d.error_message,
  'bytesTotal', i.bytes_total, 'bytesRead', i.bytes_read, 'postsProcessed', i.posts_processed,
  'postsNew', i.posts_new, 'postsKnown', i.posts_known, 'postsRejected', i.posts_rejected,
  'mediaFound', i.media_found, 'mediaNew', i.media_new, 'mediaRefreshed', i.media_refreshed) AS run
FROM mediakeep.import_runs i JOIN public.download_runs d USING (run_id) WHERE i.run_id = $1;
