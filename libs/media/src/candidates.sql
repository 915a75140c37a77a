-- @name placeCandidates
-- Leaves alone media that are fetched or judged, and those whose URL is not the first of the candidates.
-- @params postIds sourceKeys firstUrls positions urls hosts expiresAts
INSERT INTO mediakeep.media_candidates AS c (media_id, position, url, host, expires_at)
SELECT m.media_id, g.position, g.url, g.host, g.expires_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::timestamptz[])
  WITH ORDINALITY g (post_id, source_key, first_url, position, url, host, expires_at, n)
JOIN public.post_media m ON m.post_id = g.post_id AND m.source_key = g.source_key AND m.media_url = g.first_url
WHERE m.fate <> 'fetched' AND m.judged_at IS NULL
ORDER BY g.n
ON CONFLICT (media_id, position) DO UPDATE SET url = excluded.url, host = excluded.host,
  expires_at = excluded.expires_at, ended_at = NULL, end_reason = NULL
WHERE c.url <> excluded.url;

-- @name takeNext
-- Gives leased media whose URL failed for good the next candidate. Those of an earlier URL of the row do not count.
-- @params ids tokens reasons
-- @notNull media_id
WITH held AS MATERIALIZED (
  SELECT q.media_id, coalesce(q.fetch_url, q.media_url) AS url, q.media_url, g.reason
  FROM unnest($1::text[], $2::uuid[], $3::text[]) g (media_id, token, reason)
  JOIN public.post_media q ON q.media_id = g.media_id AND q.download_lease_token = g.token
  WHERE q.fate IS NOT DISTINCT FROM 'waiting' ORDER BY q.media_id FOR UPDATE OF q),
next AS MATERIALIZED (
  SELECT DISTINCT ON (h.media_id) h.media_id, c.url, c.host, c.expires_at
  FROM held h JOIN mediakeep.media_candidates c ON c.media_id = h.media_id
  JOIN mediakeep.media_candidates first ON first.media_id = h.media_id AND first.position = 0 AND first.url = h.media_url
  WHERE c.ended_at IS NULL AND c.url <> h.url ORDER BY h.media_id, c.position),
ended AS (
  UPDATE mediakeep.media_candidates c SET ended_at = now(), end_reason = h.reason
  FROM held h WHERE c.media_id = h.media_id AND c.url = h.url)
UPDATE public.post_media q SET fetch_url = n.url, source_host = n.host, url_expires_at = n.expires_at,
  download_attempts = 0, updated_at = now()
FROM next n WHERE q.media_id = n.media_id
RETURNING q.media_id;

-- @name restartCandidates
-- Media whose candidates have all failed begin with the first one when they are tried again.
-- @params mediaIds
WITH first AS MATERIALIZED (
  SELECT m.media_id, c.host, c.expires_at
  FROM public.post_media m JOIN mediakeep.media_candidates c ON c.media_id = m.media_id AND c.position = 0
  WHERE m.media_id = ANY ($1::text[]) AND m.fetch_url IS NOT NULL AND c.url = m.media_url
    AND m.fate IN ('failed', 'expired', 'gone', 'blocked', 'rejected') AND m.download_not_before IS NULL
  ORDER BY m.media_id FOR NO KEY UPDATE OF m),
reopened AS (
  UPDATE mediakeep.media_candidates c SET ended_at = NULL FROM first f WHERE c.media_id = f.media_id)
UPDATE public.post_media m SET fetch_url = NULL, source_host = f.host, url_expires_at = f.expires_at
FROM first f WHERE m.media_id = f.media_id;
