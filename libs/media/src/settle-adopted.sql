-- @name updateAdopted
-- @params cacheId sha256 mediaIds content actor
-- @notNull mediaId
WITH caches_in_use AS MATERIALIZED (
  SELECT k.cache_id FROM mediakeep.caches k
  WHERE k.last_seen_at > now() - make_interval(secs => coalesce(
      (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
      86400))),
-- Queues contents whose file this cache now has: for inspection if they were never inspected, otherwise for the
-- archive, even if they are waiting for another cache, which may be gone. The lease of a process whose cache is absent
-- does not count. A given-up upload is retried only when the bytes come from another cache. The file of a rejected
-- content also goes to inspection, which removes it.
queued AS (
  UPDATE mediakeep.contents c SET cache_id = $1::uuid, missing_from = array_remove(c.missing_from, $1::uuid),
    inspect_not_before = CASE WHEN c.inspected_at IS NULL THEN coalesce(c.inspect_not_before, now()) END,
    inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
    inspect_parked_at = CASE WHEN c.cache_id IS NOT DISTINCT FROM $1::uuid THEN c.inspect_parked_at END,
    inspect_parked_version = CASE WHEN c.cache_id IS NOT DISTINCT FROM $1::uuid THEN c.inspect_parked_version END,
    archive_not_before = CASE WHEN c.inspected_at IS NOT NULL THEN now() END,
    archive_lease_token = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_token END,
    archive_lease_expires_at = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_expires_at END,
    archive_attempts = 0, archive_error = NULL
  WHERE c.sha256_sum = $2 AND CASE
      WHEN c.inspected_at IS NULL AND c.rejected_at IS NOT NULL THEN true
      WHEN c.inspected_at IS NULL THEN c.cache_id IS NULL OR (c.cache_id IS DISTINCT FROM $1::uuid
        AND (c.inspect_lease_expires_at IS NULL OR c.inspect_lease_expires_at < now()
          OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id)))
      ELSE c.rejected_at IS NULL AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
        AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now()
          OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id))
        AND (c.cache_id IS DISTINCT FROM $1::uuid OR (c.archive_not_before IS NULL AND c.archive_error IS NULL)) END),
old AS MATERIALIZED (
  SELECT q.media_id, q.fate FROM public.post_media q WHERE q.media_id = ANY($3) ORDER BY q.media_id FOR UPDATE),
settled AS (
  UPDATE public.post_media q SET
    fate = CASE WHEN c.rejected_at IS NULL THEN 'fetched' ELSE 'rejected' END,
    fate_reason = c.rejected_reason, fate_at = now(), fetched_at = now(), updated_at = now(),
    media_type = c.media_type, mime_type = c.mime_type, md5_sum = c.md5_sum, sha256_sum = c.sha256_sum,
    width = coalesce(c.width, q.width), height = coalesce(c.height, q.height), byte_size = c.byte_size,
    file_size = CASE WHEN c.byte_size <= 2147483647 THEN c.byte_size::int END,
    local_file_path = $4, archive_url = coalesce(q.archive_url, c.archive_url),
    ai_analysis_log = ((CASE
          WHEN jsonb_typeof(q.ai_analysis_log) <> 'array' THEN jsonb_build_array(q.ai_analysis_log)
          WHEN jsonb_array_length(q.ai_analysis_log) >= 99 THEN (SELECT jsonb_agg(kept.entry ORDER BY kept.n) FROM (
            SELECT e.entry, e.n FROM jsonb_array_elements(q.ai_analysis_log) WITH ORDINALITY e (entry, n)
            WHERE e.n <= 20 OR e.n > jsonb_array_length(q.ai_analysis_log) - 77
            UNION ALL
            SELECT jsonb_build_object('timestamp', last.entry -> 'timestamp', 'event', 'log_truncated',
                'status', last.entry -> 'status', 'details',
                jsonb_build_object('dropped', jsonb_array_length(q.ai_analysis_log) - 77 - 20
                    + CASE WHEN q.ai_analysis_log -> 20 ->> 'event' = 'log_truncated'
                      THEN (q.ai_analysis_log -> 20 -> 'details' ->> 'dropped')::bigint - 1 ELSE 0 END)), 20 + 0.5
            FROM (SELECT q.ai_analysis_log -> (jsonb_array_length(q.ai_analysis_log) - 77 - 1) AS entry) last) kept)
          ELSE coalesce(q.ai_analysis_log, '[]') END) || jsonb_build_object(
              'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'event', 'media_downloaded',
              'status', coalesce(nullif(q.ai_analysis_status, 'pending'), 'not_started'),
              'details', jsonb_build_object('file_size', c.byte_size, 'mime_type', c.mime_type, 'md5_sum', c.md5_sum))),
    download_not_before = NULL, download_lease_token = NULL, download_lease_expires_at = NULL
  FROM old, mediakeep.contents c
  WHERE c.sha256_sum = $2 AND q.media_id = old.media_id AND (q.fate <> 'fetched' OR q.sha256_sum IS NULL)
  RETURNING q.media_id, q.post_id, old.fate AS was, q.fate),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT s.media_id, s.post_id, 'fate' AS what, s.was AS old_status,
        s.fate AS new_status FROM settled s WHERE s.was <> s.fate) g) c GROUP BY c.part),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT i.fate, 'items', $5::jsonb, jsonb_agg(jsonb_build_object('subject', 'media:' || i.media_id, 'sha256', $2, 'from', 'cache'))
  FROM (SELECT s.media_id, s.fate, (row_number() OVER (PARTITION BY s.fate) - 1) / 1000 AS part FROM settled s) i
  GROUP BY i.fate, i.part)
SELECT media_id AS "mediaId" FROM settled;
