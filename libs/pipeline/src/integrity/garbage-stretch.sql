-- @name selectStretch
-- Finds where the contents begin that a pass of garbage collection examines, and the last of them; none: all that are left.
-- @params name minAgeSeconds contents
SELECT b.after_at::text AS "afterAt", b.after_sha256 AS "afterSha256", e.created_at::text AS "lastAt",
  e.sha256_sum AS "lastSha256"
FROM (SELECT coalesce((s.value ->> 'createdAt')::timestamptz, '-infinity') AS after_at,
    coalesce(s.value ->> 'sha256', '') AS after_sha256
  FROM (SELECT 1) one LEFT JOIN mediakeep.settings s ON s.name = $1) b
LEFT JOIN LATERAL (SELECT c.created_at, c.sha256_sum FROM mediakeep.contents c
  WHERE (c.created_at, c.sha256_sum) > (b.after_at, b.after_sha256)
    AND c.created_at < now() - make_interval(secs => $2)
  ORDER BY c.created_at, c.sha256_sum OFFSET $3 - 1 LIMIT 1) e ON true;

-- @name endStretch
-- Records where the next pass begins; without a position, at the oldest content.
-- @params name createdAt sha256
INSERT INTO mediakeep.settings (name, value)
VALUES ($1, jsonb_build_object('createdAt', $2::text, 'sha256', $3::text))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now();
