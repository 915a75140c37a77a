// Generated from hosts.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectHosts = statement<
  [concurrencyPerHost: number | null | undefined, limit: number | null | undefined],
  { host: string; deadline: number | null; lanes: number }
>(`
WITH RECURSIVE hosts AS (
    (SELECT q.source_host AS host FROM public.post_media q
      WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host IS NOT NULL
      ORDER BY q.source_host LIMIT 1)
  UNION ALL
  SELECT (SELECT q.source_host FROM public.post_media q
    WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host > hosts.host
    ORDER BY q.source_host LIMIT 1)
  FROM hosts WHERE hosts.host IS NOT NULL)
SELECT hosts.host, extract(epoch FROM urgent.at)::float8 * 1000 AS deadline,
  least(free.permits, work.rows)::int AS lanes
FROM hosts
CROSS JOIN LATERAL (SELECT $1 - count(*) AS permits FROM mediakeep.download_slots s
  WHERE s.host = hosts.host AND s.lease_expires_at > now()) free
CROSS JOIN LATERAL (SELECT count(*) AS rows FROM (SELECT FROM public.post_media q
  WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL
    AND (q.download_not_before IS NULL OR q.download_not_before <= now())
    AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now()) AND q.source_host = hosts.host
  ORDER BY q.url_expires_at, q.media_id LIMIT $1) claimable) work
LEFT JOIN LATERAL (SELECT q.url_expires_at AS at FROM public.post_media q
  WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL
    AND (q.download_not_before IS NULL OR q.download_not_before <= now())
    AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now()) AND q.source_host = hosts.host
    AND q.url_expires_at > now()
  ORDER BY q.url_expires_at, q.media_id LIMIT 1) urgent ON true
WHERE hosts.host IS NOT NULL AND free.permits > 0 AND work.rows > 0
  AND NOT EXISTS (SELECT FROM mediakeep.download_hosts h WHERE h.host = hosts.host AND h.not_before > now())
ORDER BY urgent.at NULLS LAST, random() LIMIT $2`)

export const upsertHold = statement<
  [host: string | null | undefined, seconds: number | null | undefined, reason: string | null | undefined],
  { seconds: number }
>(`
INSERT INTO mediakeep.download_hosts AS h (host, not_before, reason)
VALUES ($1, now() + make_interval(secs => $2), $3)
ON CONFLICT (host) DO UPDATE SET reason = excluded.reason,
  not_before = CASE
    WHEN h.not_before > now() THEN greatest(h.not_before, excluded.not_before)
    WHEN h.not_before > now() - interval '10 seconds' THEN greatest(excluded.not_before,
        now() + least((h.not_before - h.updated_at) * 2, interval '5 minutes'))
    ELSE excluded.not_before END,
  updated_at = CASE WHEN h.not_before > now() THEN h.updated_at ELSE now() END
RETURNING extract(epoch FROM h.not_before - now())::float8 AS seconds`)

export const deleteExpiredSlots = statement<
  [],
  object
>(`
DELETE FROM mediakeep.download_slots s USING (SELECT d.host, d.slot FROM mediakeep.download_slots d
  WHERE d.lease_expires_at < now() FOR UPDATE SKIP LOCKED) dead
WHERE s.host = dead.host AND s.slot = dead.slot`)

export const deleteOldHosts = statement<
  [],
  object
>(`
DELETE FROM mediakeep.download_hosts h USING (SELECT d.host FROM mediakeep.download_hosts d
  WHERE d.not_before < now() - interval '1 hour' FOR UPDATE SKIP LOCKED) over
WHERE h.host = over.host`)
