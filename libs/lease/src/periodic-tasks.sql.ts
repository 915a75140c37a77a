// Generated from periodic-tasks.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const insertTasks = statement<
  [names: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
INSERT INTO mediakeep.tasks (name) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING`)

export const markStarted = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
UPDATE mediakeep.tasks q SET last_started_at = now()
WHERE (q.name, q.task_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`)

export const markFinished = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined, value3: number | null | undefined, result: string | null | undefined, error: string | null | undefined],
  object
>(`
UPDATE mediakeep.tasks q SET task_attempts = 0, last_finished_at = now(),
  last_result = coalesce($4::jsonb, q.last_result), last_error = $5,
  task_lease_token = NULL, task_lease_expires_at = NULL, task_deaths = 0,
  task_not_before = now() + make_interval(secs => $3)
WHERE (q.name, q.task_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))`)
