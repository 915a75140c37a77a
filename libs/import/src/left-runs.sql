-- @name selectLeftRuns
-- @params machine ownSeconds limit since runId
-- @notNull since
SELECT run_id, files, bytes_total, import_not_before::text AS since FROM mediakeep.import_runs
WHERE import_not_before < now() - make_interval(secs => $2) AND machine <> $1 AND bytes_total > 0
  AND (import_lease_expires_at IS NULL OR import_lease_expires_at < now() - make_interval(secs => $2))
  AND ($4::timestamptz IS NULL OR (import_not_before, run_id) > ($4, $5))
ORDER BY import_not_before, run_id LIMIT $3;
