// Generated from expiring-media.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectExpiring = statement<
  [hours: number | null | undefined],
  { count: number; firstAt: Date | null }
>(`
WITH RECURSIVE hosts AS (
  (SELECT m.source_host AS host FROM public.post_media m
   WHERE m.fate = 'waiting' AND m.source_key IS NOT NULL ORDER BY m.source_host LIMIT 1)
  UNION ALL
  SELECT (SELECT m.source_host FROM public.post_media m
          WHERE m.fate = 'waiting' AND m.source_key IS NOT NULL AND m.source_host > h.host
          ORDER BY m.source_host LIMIT 1)
  FROM hosts h WHERE h.host IS NOT NULL)
SELECT coalesce(sum(part.count), 0)::bigint AS count, min(part."firstAt") AS "firstAt" FROM (
  SELECT w.* FROM hosts h CROSS JOIN LATERAL (
    SELECT count(*), min(m.url_expires_at) AS "firstAt" FROM public.post_media m
    WHERE m.fate = 'waiting' AND m.source_key IS NOT NULL AND m.source_host = h.host
      AND m.url_expires_at > now() AND m.url_expires_at < now() + make_interval(hours => $1::int)) w
  UNION ALL
  SELECT count(*), min(m.url_expires_at) FROM public.post_media m
  WHERE m.fate = 'failed' AND m.download_not_before IS NOT NULL
    AND m.url_expires_at > now() AND m.url_expires_at < now() + make_interval(hours => $1::int)) part`)
