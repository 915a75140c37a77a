-- @name updateNextPlace
-- @params absent actor
-- @notNull sha256 next
-- @row next: 'upload' | 'fetch'
WITH absent AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS a (sha256 text, reason text, "archiveUrl" text, "cacheId" uuid)),
locked AS MATERIALIZED (
  SELECT c.sha256_sum, c.cache_id, a.reason,
    c.inspected_at IS NOT NULL AND c.rejected_at IS NULL AS is_archivable,
    c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL AS was_archived,
    CASE WHEN coalesce(a."cacheId", c.cache_id) = ANY (c.missing_from) THEN c.missing_from
      ELSE c.missing_from || array_remove(ARRAY[coalesce(a."cacheId", c.cache_id)], NULL) END AS missing_from
  FROM absent a JOIN mediakeep.contents c ON c.sha256_sum = a.sha256
  WHERE c.archive_url IS NOT DISTINCT FROM a."archiveUrl"
    AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
  ORDER BY c.sha256_sum FOR UPDATE OF c),
sought AS MATERIALIZED (
  SELECT l.*, k.cache_id AS next_id FROM locked l
  LEFT JOIN LATERAL (
    SELECT k.cache_id FROM mediakeep.caches k
    WHERE l.is_archivable AND k.last_seen_at > now() - make_interval(secs => coalesce(
        (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
        86400)) AND NOT k.cache_id = ANY (l.missing_from)
    ORDER BY k.cache_id IS NOT DISTINCT FROM l.cache_id DESC, k.last_seen_at DESC LIMIT 1) k ON true),
contents AS (
  UPDATE mediakeep.contents c SET missing_from = s.missing_from, archive_error = s.reason,
    archive_missing_since = CASE WHEN c.archive_url IS NOT NULL
      THEN coalesce(c.archive_missing_since, now()) END,
    -- A cache that is not in use keeps its claim: it uploads the file when it is back.
    cache_id = coalesce(s.next_id, CASE WHEN NOT c.cache_id = ANY (s.missing_from) THEN c.cache_id END),
    archive_not_before = CASE WHEN s.is_archivable
    AND coalesce(s.next_id, CASE WHEN NOT c.cache_id = ANY (s.missing_from) THEN c.cache_id END) IS NOT NULL
      THEN now() END,
    archive_attempts = CASE WHEN c.cache_id = s.next_id THEN c.archive_attempts ELSE 0 END,
    archive_lease_token = NULL, archive_lease_expires_at = NULL
  FROM sought s WHERE c.sha256_sum = s.sha256_sum),
lost_reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT m.media_id, m.post_id, 'archive' AS what, 'archived' AS old_status,
        'not_archived' AS new_status
      FROM (SELECT s.sha256_sum FROM sought s WHERE s.was_archived) l
      JOIN public.post_media m ON m.sha256_sum = l.sha256_sum WHERE m.archive_url IS NOT NULL) g) c GROUP BY c.part),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, details)
  SELECT 'verification_failed', 'content:' || s.sha256_sum, $2::jsonb, jsonb_build_object('next',
    CASE WHEN s.next_id IS NULL THEN 'fetch' ELSE 'upload' END)
  -- The content as it was before: an entry is written once, when the copy is first missing.
  FROM sought s JOIN mediakeep.contents c USING (sha256_sum)
  WHERE s.was_archived OR s.missing_from IS DISTINCT FROM c.missing_from),
source AS MATERIALIZED (
  SELECT m.media_id, g.reason FROM (SELECT s.sha256_sum, s.reason FROM sought s WHERE s.next_id IS NULL) g
  JOIN public.post_media m ON m.sha256_sum = g.sha256_sum
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
SELECT sha256_sum AS sha256, CASE WHEN next_id IS NULL THEN 'fetch' ELSE 'upload' END AS next FROM sought;

-- @name queueUploads
-- @params missing actor
-- @notNull sha256
WITH missing AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS l (sha256 text, "archiveUrl" text, "cacheId" uuid, reason text)),
queued AS (
  UPDATE mediakeep.contents c SET archive_missing_since = coalesce(c.archive_missing_since, now()),
    cache_id = l."cacheId", missing_from = array_remove(c.missing_from, l."cacheId"),
    archive_not_before = now(), archive_attempts = 0, archive_error = l.reason
  FROM missing l WHERE c.sha256_sum = l.sha256 AND c.archive_url = l."archiveUrl"
    AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now())
  RETURNING c.sha256_sum),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, details)
  SELECT 'verification_failed', 'content:' || q.sha256_sum, $2::jsonb, jsonb_build_object('next', 'upload')
  FROM queued q JOIN mediakeep.contents c USING (sha256_sum) WHERE c.archive_missing_since IS NULL),
-- The contents as they were before this statement.
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT m.media_id, m.post_id, 'archive' AS what, 'archived' AS old_status,
        'not_archived' AS new_status
      FROM (SELECT q.sha256_sum FROM queued q JOIN mediakeep.contents c USING (sha256_sum)
        WHERE c.archive_missing_since IS NULL) l JOIN public.post_media m ON m.sha256_sum = l.sha256_sum
      WHERE m.archive_url IS NOT NULL) g) c GROUP BY c.part)
SELECT queued.sha256_sum AS sha256 FROM queued;

-- @name updateVerified
-- @params sha256s actor depth
-- @notNull sha256
WITH verified AS (
  UPDATE mediakeep.contents c SET archive_verified_at = now()
  WHERE c.sha256_sum = ANY($1) AND NOT (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
  RETURNING c.sha256_sum, c.archive_url),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, details, items)
  SELECT 'verified', 'items', $2::jsonb, jsonb_build_object('depth', $3::text), jsonb_agg(jsonb_build_object('subject', 'content:' || i.sha256_sum))
  FROM (SELECT v.sha256_sum, (row_number() OVER () - 1) / 1000 AS part FROM verified v) i GROUP BY i.part),
mended AS (
  UPDATE public.post_media m SET archive_url = v.archive_url, updated_at = now()
  FROM verified v WHERE m.sha256_sum = v.sha256_sum AND m.archive_url IS NULL)
SELECT sha256_sum AS sha256 FROM verified;
