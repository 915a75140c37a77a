// Generated from requeue-downloads.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const queueInspections = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { id: string }
>(`
WITH shown AS MATERIALIZED (
  SELECT m.media_id, c.sha256_sum FROM public.post_media m
  JOIN mediakeep.contents c ON c.sha256_sum = m.sha256_sum
  WHERE m.media_id = ANY($1::text[]) AND c.inspect_parked_at IS NOT NULL
  ORDER BY c.sha256_sum FOR NO KEY UPDATE OF c),
retried AS (
  UPDATE mediakeep.contents c SET inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0,
    inspect_deaths = 0, inspect_not_before = now() FROM shown WHERE c.sha256_sum = shown.sha256_sum
  RETURNING c.sha256_sum)
SELECT shown.media_id AS id FROM shown JOIN retried USING (sha256_sum)`)
