-- @name lockHeld
-- @params ids tokens
-- @notNull id
SELECT q.sha256_sum AS id FROM mediakeep.contents q
WHERE (q.sha256_sum, q.inspect_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
ORDER BY q.sha256_sum FOR NO KEY UPDATE;

-- @name selectRejectedContents
-- @params sha256s
-- @notNull sha256 reason
SELECT c.sha256_sum AS sha256, c.rejected_reason AS reason FROM mediakeep.contents c
WHERE c.sha256_sum = ANY($1::text[]) AND c.rejected_at IS NOT NULL;

-- @name clearLocalPaths
-- @params mediaIds
UPDATE public.post_media m SET local_file_path = NULL
WHERE m.media_id = ANY($1::text[]) AND m.fate = 'rejected' AND m.local_file_path IS NOT NULL;

-- @name updateRemoved
-- @params ids tokens
-- @notNull sha256 reason
WITH locked AS MATERIALIZED (
  SELECT q.sha256_sum FROM mediakeep.contents q
  WHERE (q.sha256_sum, q.inspect_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
  ORDER BY q.sha256_sum FOR NO KEY UPDATE)
UPDATE mediakeep.contents q SET cache_id = NULL, inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
  inspect_deaths = 0, inspect_not_before = NULL
FROM locked WHERE q.sha256_sum = locked.sha256_sum
RETURNING q.sha256_sum AS sha256, q.rejected_reason AS reason;

-- @name updatePassed
-- @params passed
WITH passed AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS p (sha256 text, width integer, height integer, "durationMs" float8, findings text[], note text)),
contents AS (
  UPDATE mediakeep.contents q SET width = p.width, height = p.height,
    duration_ms = round(p."durationMs")::bigint, findings = p.findings,
    inspected_at = now(), inspect_error = p.note,
    archive_not_before = CASE WHEN q.archive_url IS NULL AND q.rejected_at IS NULL THEN now() END,
    inspect_attempts = q.inspect_attempts + 1, inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
    inspect_deaths = 0, inspect_not_before = NULL
  FROM passed p WHERE q.sha256_sum = p.sha256),
changed AS (
  UPDATE public.post_media m SET width = p.width, height = p.height, updated_at = now()
  FROM passed p WHERE m.sha256_sum = p.sha256 AND p.width IS NOT NULL
    AND (m.width, m.height) IS DISTINCT FROM (p.width, p.height)
  RETURNING m.media_id, m.post_id, m.fate)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
    'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
  FROM (SELECT m.media_id, m.post_id, 'fate' AS what, 'fetched' AS old_status, 'fetched' AS new_status
    FROM changed m WHERE m.fate = 'fetched') g) c GROUP BY c.part;

-- @name updateRejected
-- @params rejected actor
WITH given AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (sha256 text, reason text)),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT 'rejected', 'items', $2::jsonb, jsonb_agg(jsonb_build_object('subject', 'content:' || i.sha256_sum))
  FROM (SELECT q.sha256_sum, (row_number() OVER () - 1) / 1000 AS part
    FROM given r JOIN mediakeep.contents q ON q.sha256_sum = r.sha256 WHERE q.rejected_at IS NULL) i GROUP BY i.part)
UPDATE mediakeep.contents q SET rejected_at = coalesce(q.rejected_at, now()),
  rejected_reason = coalesce(q.rejected_reason, r.reason), inspect_error = NULL, archive_not_before = NULL
FROM given r WHERE q.sha256_sum = r.sha256;

-- @name updateFailed
-- @params failed
UPDATE mediakeep.contents q SET inspect_error = f.reason,
  inspect_attempts = q.inspect_attempts + f."isCounted"::int,
  inspect_lease_token = NULL, inspect_lease_expires_at = NULL, inspect_deaths = 0,
  inspect_not_before = now() + make_interval(secs => f."retrySeconds")
FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text, "retrySeconds" float8, "isCounted" boolean)
WHERE q.sha256_sum = f.sha256;

-- @name updateParked
-- @params parked
UPDATE mediakeep.contents q SET inspect_error = f.reason, inspect_parked_at = now(),
  inspect_parked_version = f.version, inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
  inspect_deaths = 0, inspect_not_before = NULL
FROM jsonb_to_recordset($1::jsonb) AS f (sha256 text, reason text, version text)
WHERE q.sha256_sum = f.sha256;
