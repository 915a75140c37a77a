-- @name updateEnded
-- @params ids tokens fates reasons retrySeconds urls hostSeconds
-- @notNull media_id fate
WITH locked AS MATERIALIZED (
  SELECT q.media_id FROM public.post_media q
  WHERE (q.media_id, q.download_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
    AND q.fate IS NOT DISTINCT FROM 'waiting' ORDER BY q.media_id FOR UPDATE),
ended AS (
  UPDATE public.post_media q SET
    fate = CASE WHEN (e.fate = 'waiting' OR coalesce(q.fetch_url, q.media_url) <> e.url) THEN 'waiting'
      WHEN (q.fetched_at IS NOT NULL AND q.archive_url IS NOT NULL AND q.sha256_sum IS NOT NULL
          AND NOT EXISTS (SELECT FROM mediakeep.contents c
            WHERE c.sha256_sum = q.sha256_sum AND c.archive_missing_since IS NOT NULL)) THEN 'fetched' ELSE e.fate END,
    fate_reason = CASE WHEN (e.fate = 'waiting' OR coalesce(q.fetch_url, q.media_url) <> e.url) THEN q.fate_reason ELSE e.reason END,
    fate_at = CASE WHEN (e.fate = 'waiting' OR coalesce(q.fetch_url, q.media_url) <> e.url) THEN q.fate_at ELSE now() END,
    updated_at = CASE WHEN (e.fate = 'waiting' OR coalesce(q.fetch_url, q.media_url) <> e.url)
    AND e.host_seconds IS NULL THEN q.updated_at ELSE now() END,
    download_attempts = CASE WHEN (e.fate = 'waiting' OR coalesce(q.fetch_url, q.media_url) <> e.url) THEN q.download_attempts
      ELSE q.download_attempts + 1 END,
    download_lease_token = NULL, download_lease_expires_at = NULL, download_deaths = 0, download_not_before = CASE
      WHEN coalesce(q.fetch_url, q.media_url) <> e.url OR (e.fate <> 'waiting'
          AND (q.fetched_at IS NOT NULL AND q.archive_url IS NOT NULL AND q.sha256_sum IS NOT NULL
              AND NOT EXISTS (SELECT FROM mediakeep.contents c
                WHERE c.sha256_sum = q.sha256_sum AND c.archive_missing_since IS NOT NULL))) THEN NULL
    -- Its host asked for a pause. If this row alone is to blame, it must not block its host each time: other rows get
    -- the host for at least as long as the pause, and for longer after each repetition. A URL about to expire is due
    -- once half its remaining time has passed, or the host's pause ends.
      WHEN e.host_seconds IS NOT NULL THEN now() + least(
          greatest(make_interval(secs => 2 * e.host_seconds), interval '10 seconds',
              least(2 * coalesce(q.download_not_before - q.updated_at, interval '0'), interval '24 hours')),
          CASE WHEN q.url_expires_at > now() THEN
          greatest(make_interval(secs => e.host_seconds + 1), (q.url_expires_at - now()) / 2) END)
      WHEN q.url_expires_at > now() AND e.fate <> 'waiting' THEN least(
          now() + make_interval(secs => e.retry_seconds),
          now() + greatest((q.url_expires_at - now()) / 2, interval '5 seconds'))
      ELSE now() + make_interval(secs => e.retry_seconds) END
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[],
      $7::float8[]) AS e (media_id, token, fate, reason, retry_seconds, url, host_seconds)
  JOIN locked ON locked.media_id = e.media_id
  WHERE q.media_id = e.media_id AND q.download_lease_token = e.token
  RETURNING q.media_id, q.post_id, q.fate),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT e.media_id, e.post_id, 'fate' AS what, 'waiting' AS old_status,
        e.fate AS new_status FROM ended e WHERE e.fate <> 'waiting') g) c GROUP BY c.part)
SELECT ended.media_id, ended.fate FROM ended;
