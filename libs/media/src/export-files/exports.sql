-- @name selectUnread
-- Exports of a machine whose files media wait for. Reads one index entry when none waits.
-- @params machine
-- @row kind: 'folder' | 'zip' | 'file'
SELECT e.export_id AS "exportId", e.machine, e.path, e.kind, e.sha256_sum AS sha256, e.byte_size AS "byteSize",
  e.modified_at AS "modifiedAt"
FROM mediakeep.exports e
WHERE e.machine = $1 AND e.trouble IS NULL
  AND EXISTS (SELECT FROM public.post_media q
    WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host = 'mediakeep-file:')
  AND EXISTS (SELECT FROM mediakeep.media_files f JOIN public.post_media q ON q.media_id = f.media_id
    WHERE f.export_id = e.export_id AND f.ended_at IS NULL AND q.fate IS NOT DISTINCT FROM 'waiting'
      AND q.source_host = 'mediakeep-file:' AND (q.download_not_before IS NULL OR q.download_not_before <= now())
      AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now()))
ORDER BY e.created_at, e.export_id;

-- @name selectTroubled
-- @params machine
-- @row kind: 'folder' | 'zip' | 'file'
SELECT e.export_id AS "exportId", e.machine, e.path, e.kind, e.sha256_sum AS sha256, e.byte_size AS "byteSize",
  e.modified_at AS "modifiedAt"
FROM mediakeep.exports e WHERE e.machine = $1 AND e.trouble IS NOT NULL ORDER BY e.created_at, e.export_id;

-- @name selectLeft
-- Exports of other machines at which no process of theirs has looked for a while, and for whose files media wait.
-- @params machine silentSeconds limit
-- @row kind: 'folder' | 'zip' | 'file'
SELECT e.export_id AS "exportId", e.machine, e.path, e.kind, e.sha256_sum AS sha256, e.byte_size AS "byteSize",
  e.modified_at AS "modifiedAt"
FROM mediakeep.exports e
WHERE e.machine <> $1 AND e.seen_at < now() - make_interval(secs => $2)
  AND EXISTS (SELECT FROM public.post_media q
    WHERE q.fate = 'waiting' AND q.source_key IS NOT NULL AND q.source_host = 'mediakeep-file:')
  AND EXISTS (SELECT FROM mediakeep.media_files f JOIN public.post_media q ON q.media_id = f.media_id
    WHERE f.export_id = e.export_id AND f.ended_at IS NULL AND q.fate IS NOT DISTINCT FROM 'waiting'
      AND q.source_host = 'mediakeep-file:')
ORDER BY random() LIMIT $3;

-- @name touchExports
-- @params machine
UPDATE mediakeep.exports SET seen_at = now() WHERE machine = $1;

-- @name updateTrouble
-- @params exportId trouble modifiedAt
UPDATE mediakeep.exports SET trouble = $2, modified_at = coalesce($3, modified_at) WHERE export_id = $1;

-- @name updateMachine
-- @params exportId machine from
-- @notNull export_id
UPDATE mediakeep.exports e SET machine = $2, trouble = NULL, seen_at = now()
WHERE e.export_id = $1 AND e.machine = $3 AND NOT EXISTS (SELECT FROM mediakeep.exports o
  WHERE o.machine = $2 AND o.path = e.path AND o.sha256_sum = e.sha256_sum)
RETURNING e.export_id;

-- @name updateAbsent
-- @params silentSeconds
UPDATE mediakeep.exports e SET trouble = 'export_elsewhere: ' || e.path || ' is on ' || e.machine || ', which was last seen '
  || to_char(e.seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI" UTC"') || '; start Mediakeep there'
WHERE e.seen_at < now() - make_interval(secs => $1) AND e.trouble IS NULL
  AND EXISTS (SELECT FROM mediakeep.media_files f JOIN public.post_media q ON q.media_id = f.media_id
    WHERE f.export_id = e.export_id AND f.ended_at IS NULL AND q.fate IS NOT DISTINCT FROM 'waiting'
      AND q.source_host = 'mediakeep-file:');

-- @name reopenMedia
-- Media that ended while their export was in trouble wait for its files again.
-- @params exportId limit
-- @notNull reopened
WITH ended AS MATERIALIZED (
  SELECT m.media_id, m.post_id, m.fate AS was
  FROM mediakeep.media_files f JOIN public.post_media m ON m.media_id = f.media_id
  WHERE f.export_id = $1 AND f.end_reason IS NULL AND m.judged_at IS NULL
    AND m.fate IN ('failed', 'expired', 'gone', 'blocked')
  ORDER BY m.media_id LIMIT $2 FOR NO KEY UPDATE OF m),
unread AS (
  UPDATE mediakeep.media_files f SET ended_at = NULL
  FROM ended e WHERE f.media_id = e.media_id AND f.export_id = $1 AND f.ended_at IS NOT NULL),
reopened AS (
  UPDATE public.post_media m SET fate = 'waiting', fate_reason = NULL, fate_at = now(), updated_at = now(),
    source_host = 'mediakeep-file:', download_attempts = 0, download_deaths = 0, download_not_before = NULL
  FROM ended e WHERE m.media_id = e.media_id RETURNING m.media_id, m.post_id, e.was),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', 'fate',
      'from', c.was, 'to', 'waiting') ORDER BY c.media_id)
  FROM (SELECT r.*, (row_number() OVER () - 1) / 1000 AS part FROM reopened r) c GROUP BY c.part)
SELECT count(*)::integer AS reopened FROM reopened;
