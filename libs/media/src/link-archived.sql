-- @name linkCopies
-- @params archived actor
WITH archived AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS a (sha256 text, url text, wrong text[], path text)),
contents AS (
  UPDATE mediakeep.contents q SET archive_url = a.url, archive_verified_at = now(),
    archived_at = CASE WHEN q.archive_url = a.url THEN coalesce(q.archived_at, now()) ELSE now() END,
    archive_missing_since = NULL, missing_from = '{}', archive_attempts = 0, archive_error = NULL,
    archive_not_before = NULL, archive_lease_token = NULL, archive_lease_expires_at = NULL
  FROM archived a WHERE q.sha256_sum = a.sha256),
-- Rows without the URL; and rows sent back to their source, or gone there, while another row brought the same bytes
-- again.
before AS MATERIALIZED (
  SELECT m.media_id, m.archive_url, m.fate FROM public.post_media m
  JOIN archived a ON m.sha256_sum = a.sha256
  WHERE (m.archive_url IS NULL OR m.archive_url = ANY (a.wrong))
    OR (m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
        AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now()))
  ORDER BY m.media_id FOR NO KEY UPDATE OF m),
shown AS (
  UPDATE public.post_media m SET updated_at = now(),
    archive_url = CASE WHEN (m.archive_url IS NULL OR m.archive_url = ANY (a.wrong)) THEN a.url
      ELSE m.archive_url END,
    local_file_path = CASE WHEN m.fetched_at IS NULL THEN m.local_file_path
      ELSE coalesce(m.local_file_path, a.path) END,
    fate = CASE WHEN (m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
        AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now())) THEN 'fetched'
      ELSE m.fate END,
    fate_reason = CASE WHEN (m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
        AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now())) THEN NULL
      ELSE m.fate_reason END,
    fate_at = CASE WHEN (m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
        AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now())) THEN now() ELSE m.fate_at END,
    download_not_before = CASE WHEN (m.fetched_at IS NOT NULL AND m.fate IN ('waiting', 'failed', 'expired', 'gone')
        AND (m.download_lease_expires_at IS NULL OR m.download_lease_expires_at < now())) THEN NULL
      ELSE m.download_not_before END
  FROM archived a, before b WHERE m.media_id = b.media_id AND m.sha256_sum = a.sha256
  RETURNING m.media_id, m.post_id, m.fate, m.archive_url, b.fate AS old_fate, b.archive_url AS old_url),
-- Reported as missing before, with the URL that is right again: only their content changes. Read as it was before.
returned AS (
  SELECT m.media_id, m.post_id FROM archived a
  JOIN mediakeep.contents q ON q.sha256_sum = a.sha256 AND q.archive_missing_since IS NOT NULL
  JOIN public.post_media m ON m.sha256_sum = a.sha256
    AND NOT (m.archive_url IS NULL OR m.archive_url = ANY (a.wrong))),
-- Contents as they were before. One that was missing is restored.
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT i.kind, 'items', $2::jsonb, jsonb_agg(jsonb_build_object('subject', 'content:' || i.sha256_sum))
  FROM (SELECT g.*, (row_number() OVER (PARTITION BY g.kind) - 1) / 1000 AS part
    FROM (SELECT q.sha256_sum, CASE WHEN q.archive_missing_since IS NULL THEN 'archived' ELSE 'restored' END AS kind
      FROM archived a JOIN mediakeep.contents q ON q.sha256_sum = a.sha256
      WHERE q.archive_url IS DISTINCT FROM a.url OR q.archive_missing_since IS NOT NULL) g) i GROUP BY i.kind, i.part),
changed AS (
  SELECT media_id, post_id, 'fate' AS what, old_fate AS old_status, fate AS new_status
  FROM shown WHERE fate <> old_fate
  UNION ALL
  SELECT media_id, post_id, 'archive', NULL, 'archived'
  FROM shown WHERE archive_url IS DISTINCT FROM old_url
  UNION ALL
  SELECT media_id, post_id, 'archive', 'not_archived', 'archived' FROM returned)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
    'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part FROM (SELECT * FROM changed) g) c GROUP BY c.part;
