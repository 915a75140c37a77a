// Generated from backfill-posts.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectRun = statement<
  [id: string | null | undefined],
  { options: import('./stored-posts.ts').Selection & { after?: string }; posts_processed: number }
>(`
SELECT options, posts_processed FROM mediakeep.import_runs WHERE run_id = $1`)

export const addMediaCounts = statement<
  [id: string | null | undefined, inserted: number | null | undefined, refreshed: number | null | undefined],
  object
>(`
UPDATE mediakeep.import_runs SET media_new = media_new + $2, media_refreshed = media_refreshed + $3
WHERE run_id = $1`)

export const insertRejectedPost = statement<
  [id: string | null | undefined, postId: string | null | undefined, pointer: string | null | undefined, code: string | null | undefined, reason: string | null | undefined, excerpt: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.rejected_posts (run_id, file, post_index, pointer, code, reason, excerpt)
VALUES ($1, $2, 0, $3, $4, $5, $6) ON CONFLICT DO NOTHING`)

export const selectPosition = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined],
  { after: string | null }
>(`
SELECT options ->> 'after' AS after FROM mediakeep.import_runs q
WHERE (q.run_id, q.import_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) FOR NO KEY UPDATE`)

export const updatePosition = statement<
  [id: string | null | undefined, last: string | null | undefined, length: number | null | undefined, known: number | null | undefined, rejected: number | null | undefined, found: number | null | undefined],
  object
>(`
UPDATE mediakeep.import_runs SET import_deaths = 1, import_attempts = 0,
  options = jsonb_set(options, '{after}', to_jsonb($2::text)),
  posts_processed = posts_processed + $3, posts_known = posts_known + $4, posts_rejected = posts_rejected + $5,
  media_found = media_found + $6
WHERE run_id = $1`)
