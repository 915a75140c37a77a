-- @name leaseFiles
-- Leases media whose bytes are files of one export, in the order in which the export is read. Does not compare the fate
-- with `=`: after a large import, PostgreSQL's statistics show no waiting rows.
-- @params exportId afterOrder afterId isSuspect limit token leaseSeconds
-- @notNull id attempt deaths host url mediaType memberPath memberOrder isSuspect
WITH picked AS MATERIALIZED (
  SELECT q.media_id, f.member_path, f.member_order
  FROM mediakeep.media_files f JOIN public.post_media q ON q.media_id = f.media_id
  WHERE f.export_id = $1 AND f.ended_at IS NULL AND (f.member_order, f.media_id) > ($2::bigint, $3::text)
    AND q.fate IS NOT DISTINCT FROM 'waiting' AND q.source_host = 'mediakeep-file:'
    AND (q.download_not_before IS NULL OR q.download_not_before <= now())
    AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now())
    AND (q.download_deaths >= 2) = $4::boolean
  ORDER BY f.member_order, f.media_id LIMIT $5 FOR UPDATE OF q SKIP LOCKED),
claimed AS (
  UPDATE public.post_media q SET download_lease_token = $6, download_deaths = q.download_deaths + 1,
    download_lease_expires_at = now() + make_interval(secs => $7)
  FROM picked WHERE q.media_id = picked.media_id
  RETURNING q.*, picked.member_path, picked.member_order)
SELECT c.media_id AS id, c.download_attempts + 1 AS attempt, c.download_deaths - 1 AS deaths, c.source_host AS host,
  coalesce(c.fetch_url, c.media_url) AS url, c.url_expires_at AS "expiresAt", c.media_type AS "mediaType", c.local_file_path AS path,
  c.md5_sum AS md5, c.sha256_sum AS sha256, c.byte_size AS "byteSize", $4::boolean AS "isSuspect",
  c.member_path AS "memberPath", c.member_order AS "memberOrder"
FROM claimed c ORDER BY c.member_order, c.media_id;

-- @name leaseStrays
-- Leases media that wait for a file and have none that can be read: their export is in trouble, or no export has it.
-- @params limit token leaseSeconds
-- @notNull id attempt deaths host url mediaType isSuspect
WITH picked AS MATERIALIZED (
  SELECT q.media_id FROM public.post_media q
  WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host = 'mediakeep-file:'
    AND (q.download_not_before IS NULL OR q.download_not_before <= now())
    AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now())
    AND NOT EXISTS (SELECT FROM mediakeep.media_files f JOIN mediakeep.exports e USING (export_id)
      WHERE f.media_id = q.media_id AND e.trouble IS NULL)
  ORDER BY q.url_expires_at, q.media_id LIMIT $1 FOR UPDATE OF q SKIP LOCKED),
claimed AS (
  UPDATE public.post_media q SET download_lease_token = $2, download_deaths = q.download_deaths + 1,
    download_lease_expires_at = now() + make_interval(secs => $3)
  FROM picked WHERE q.media_id = picked.media_id RETURNING q.*)
SELECT c.media_id AS id, c.download_attempts + 1 AS attempt, c.download_deaths - 1 AS deaths, c.source_host AS host,
  coalesce(c.fetch_url, c.media_url) AS url, c.url_expires_at AS "expiresAt", c.media_type AS "mediaType", c.local_file_path AS path,
  c.md5_sum AS md5, c.sha256_sum AS sha256, c.byte_size AS "byteSize", false AS "isSuspect",
  (SELECT e.trouble FROM mediakeep.media_files f JOIN mediakeep.exports e USING (export_id)
    WHERE f.media_id = c.media_id ORDER BY e.seen_at DESC LIMIT 1) AS trouble
FROM claimed c;

-- @name readAgain
-- Media that wait for a file and have only files that were read or refused: they are read again.
-- @params limit
UPDATE mediakeep.media_files f SET ended_at = NULL, end_reason = NULL
FROM (
  SELECT q.media_id FROM public.post_media q
  WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host = 'mediakeep-file:'
    AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now())
    AND EXISTS (SELECT FROM mediakeep.media_files o JOIN mediakeep.exports e USING (export_id)
      WHERE o.media_id = q.media_id AND e.trouble IS NULL)
    AND NOT EXISTS (SELECT FROM mediakeep.media_files o JOIN mediakeep.exports e USING (export_id)
      WHERE o.media_id = q.media_id AND o.ended_at IS NULL AND e.trouble IS NULL)
  ORDER BY q.url_expires_at, q.media_id LIMIT $1) s, mediakeep.exports e
WHERE f.media_id = s.media_id AND e.export_id = f.export_id AND e.trouble IS NULL;
