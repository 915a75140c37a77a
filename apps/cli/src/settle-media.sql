-- @name selectRunStatus
-- @params runId
SELECT status FROM public.download_runs WHERE run_id = $1;
