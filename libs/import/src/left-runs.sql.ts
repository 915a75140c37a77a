// Generated from left-runs.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectLeftRuns = statement<
  [machine: string | null | undefined, ownSeconds: number | null | undefined, limit: number | null | undefined, since: Date | string | null | undefined, runId: string | null | undefined],
  { run_id: string; files: string[]; bytes_total: number; since: string }
>(`
SELECT run_id, files, bytes_total, import_not_before::text AS since FROM mediakeep.import_runs
WHERE import_not_before < now() - make_interval(secs => $2) AND machine <> $1 AND bytes_total > 0
  AND (import_lease_expires_at IS NULL OR import_lease_expires_at < now() - make_interval(secs => $2))
  AND ($4::timestamptz IS NULL OR (import_not_before, run_id) > ($4, $5))
ORDER BY import_not_before, run_id LIMIT $3`)
