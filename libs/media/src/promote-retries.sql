-- @name promoteDue
WITH due AS MATERIALIZED (
  SELECT q.media_id FROM public.post_media q
  WHERE q.fate = 'failed' AND q.download_not_before IS NOT NULL AND q.download_not_before <= now()
  ORDER BY q.download_not_before, q.media_id LIMIT 1000 FOR UPDATE SKIP LOCKED),
promoted AS (
  UPDATE public.post_media q SET fate = 'waiting', download_not_before = NULL
  FROM due WHERE q.media_id = due.media_id RETURNING q.media_id, q.post_id)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
    'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part FROM (
  SELECT p.*, 'fate' AS what, 'failed' AS old_status, 'waiting' AS new_status FROM promoted p) g) c
GROUP BY c.part;
