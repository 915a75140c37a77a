// Generated from return-to-source.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const requeueLost = statement<
  [limit: number | null | undefined],
  { rows: number }
>(`
WITH alone AS MATERIALIZED (
  SELECT c.sha256_sum, 'not archived, and its cache on ' || coalesce(k.host, k.cache_id::text)
    || ' was last seen ' || to_char(k.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI" UTC"') AS reason
  FROM mediakeep.caches k JOIN mediakeep.contents c ON c.cache_id = k.cache_id
  WHERE NOT (k.last_seen_at > now() - make_interval(secs => coalesce(
      (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
      86400))) AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL) AND c.rejected_at IS NULL
    AND EXISTS (SELECT FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum AND m.fate = 'fetched')
  LIMIT $1),
source AS MATERIALIZED (
  SELECT m.media_id, g.reason FROM (SELECT * FROM alone) g JOIN public.post_media m ON m.sha256_sum = g.sha256_sum
  WHERE m.fate = 'fetched' ORDER BY m.media_id FOR NO KEY UPDATE OF m),
sent AS (
  UPDATE public.post_media m SET updated_at = now(), fate = 'waiting', fate_at = now(), fate_reason = s.reason,
    download_attempts = 0, download_not_before = NULL,
    download_lease_token = NULL, download_lease_expires_at = NULL
  FROM source s WHERE m.media_id = s.media_id RETURNING m.media_id, m.post_id),
sent_reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT sent.*, 'fate' AS what, 'fetched' AS old_status, 'waiting' AS new_status
      FROM sent) g) c GROUP BY c.part)
SELECT count(*) AS rows FROM sent`)
