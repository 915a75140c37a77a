-- @name insertRunRow
-- @params runId script system kind files options machine bytesTotal
WITH run AS (
  INSERT INTO public.download_runs (run_id, started_at, status, script_name, platform, system_info)
  VALUES ($1, now(), 'running', $2, NULL, $3) RETURNING *),
added AS (
  INSERT INTO mediakeep.import_runs (run_id, kind, files, options, machine, bytes_total, import_not_before)
  SELECT run_id, $4, $5::text[], $6::jsonb, $7, $8, now() FROM run RETURNING *)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'import', jsonb_build_array(jsonb_build_object(
  'runId', added.run_id, 'status', run.status, 'error', run.error_message,
  'bytesTotal', added.bytes_total, 'bytesRead', added.bytes_read, 'postsProcessed', added.posts_processed,
  'postsNew', added.posts_new, 'postsKnown', added.posts_known, 'postsRejected', added.posts_rejected,
  'mediaFound', added.media_found, 'mediaNew', added.media_new, 'mediaRefreshed', added.media_refreshed))
FROM added, run;

-- @name updateFinished
-- @params ids tokens error
WITH run AS (
  UPDATE mediakeep.import_runs q SET import_lease_token = NULL, import_lease_expires_at = NULL,
    import_deaths = 0, import_not_before = NULL
  WHERE (q.run_id, q.import_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) RETURNING q.*),
download AS (
  UPDATE public.download_runs d SET completed_at = now(),
    error_message = nullif(concat_ws('; ', d.error_message, $3::text), ''),
    status = CASE WHEN d.error_message IS NULL AND $3::text IS NULL THEN 'completed' ELSE 'failed' END
  FROM run WHERE d.run_id = run.run_id RETURNING d.*)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'import', jsonb_build_array(jsonb_build_object(
  'runId', run.run_id, 'status', download.status, 'error', download.error_message,
  'bytesTotal', run.bytes_total, 'bytesRead', run.bytes_read, 'postsProcessed', run.posts_processed,
  'postsNew', run.posts_new, 'postsKnown', run.posts_known, 'postsRejected', run.posts_rejected,
  'mediaFound', run.media_found, 'mediaNew', run.media_new, 'mediaRefreshed', run.media_refreshed))
FROM run, download;
