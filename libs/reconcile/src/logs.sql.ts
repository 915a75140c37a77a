// Generated from logs.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * For the rest of the transaction: PostgreSQL then refuses to read a table with hidden rows.
 */
export const turnOffRowSecurity = statement<
  [],
  { setting: string | null }
>(`
SELECT set_config('row_security', 'off', true) AS setting`)

export const selectLogs = statement<
  [after: string | null | undefined, limit: number | null | undefined],
  { mediaId: string; log: string }
>(`
SELECT q.media_id AS "mediaId", q.ai_analysis_log::text AS log FROM public.post_media q
WHERE jsonb_typeof(q.ai_analysis_log) <> 'array' AND q.media_id > $1
ORDER BY q.media_id LIMIT $2 FOR UPDATE SKIP LOCKED`)

export const updateLogs = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, logs: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
UPDATE public.post_media q SET ai_analysis_log = k.log::jsonb
FROM unnest($1::text[], $2::text[]) k (media_id, log) WHERE q.media_id = k.media_id`)
