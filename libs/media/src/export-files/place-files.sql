-- @name upsertExport
-- @params exportId machine path kind sha256 byteSize modifiedAt
-- @notNull export_id
INSERT INTO mediakeep.exports AS e (export_id, machine, path, kind, sha256_sum, byte_size, modified_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (machine, path, sha256_sum) DO UPDATE SET byte_size = excluded.byte_size,
  modified_at = excluded.modified_at, trouble = NULL, seen_at = now()
RETURNING e.export_id;

-- @name placeMedia
-- Media that are fetched, or were rejected for the bytes of the same file, stay as they are.
-- @params postIds sourceKeys exportId memberPaths memberOrders
-- @notNull reopened
WITH given AS MATERIALIZED (
  SELECT m.media_id, m.post_id, m.fate, m.judged_at, g.member_path, g.member_order
  FROM unnest($1::text[], $2::text[], $4::text[], $5::bigint[]) WITH ORDINALITY
    g (post_id, source_key, member_path, member_order, n)
  JOIN public.post_media m ON m.post_id = g.post_id AND m.source_key = g.source_key
  ORDER BY g.n FOR NO KEY UPDATE OF m),
wanted AS MATERIALIZED (
  SELECT g.*, CASE WHEN g.fate = 'fetched' OR g.judged_at IS NOT NULL
      OR (g.fate = 'rejected' AND f.ended_at IS NOT NULL AND f.end_reason IS NULL)
    THEN coalesce(f.ended_at, now()) END AS ended_at
  FROM given g LEFT JOIN mediakeep.media_files f ON f.media_id = g.media_id AND f.export_id = $3),
placed AS (
  INSERT INTO mediakeep.media_files AS f (media_id, export_id, member_path, member_order, ended_at)
  SELECT w.media_id, $3, w.member_path, w.member_order, w.ended_at FROM wanted w
  ON CONFLICT (media_id, export_id) DO UPDATE SET member_path = excluded.member_path,
    member_order = excluded.member_order, ended_at = excluded.ended_at, end_reason = NULL
  WHERE (f.member_path, f.member_order, f.ended_at, f.end_reason)
    IS DISTINCT FROM (excluded.member_path, excluded.member_order, excluded.ended_at, NULL)),
reopened AS (
  UPDATE public.post_media m SET fate = 'waiting', source_host = 'mediakeep-file:', updated_at = now(),
    fate_reason = CASE WHEN w.fate = 'waiting' THEN m.fate_reason END,
    fate_at = CASE WHEN w.fate = 'waiting' THEN m.fate_at ELSE now() END,
    download_attempts = CASE WHEN w.fate = 'waiting' THEN m.download_attempts ELSE 0 END,
    download_not_before = NULL,
    -- The file that was rejected, should it still be there, must not answer for the one in this export.
    local_file_path = CASE WHEN w.fate <> 'rejected' THEN m.local_file_path END
  FROM wanted w
  WHERE m.media_id = w.media_id AND w.ended_at IS NULL
    AND (w.fate <> 'waiting' OR m.source_host IS DISTINCT FROM 'mediakeep-file:')
  RETURNING m.media_id, m.post_id, w.fate AS was),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', 'fate',
      'from', c.was, 'to', 'waiting') ORDER BY c.media_id)
  FROM (SELECT r.*, (row_number() OVER () - 1) / 1000 AS part FROM reopened r WHERE r.was <> 'waiting') c GROUP BY c.part)
SELECT (count(*) FILTER (WHERE was <> 'waiting'))::integer AS reopened FROM reopened;
