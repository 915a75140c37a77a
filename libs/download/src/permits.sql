-- @name deleteSlots
-- @params tokens
DELETE FROM mediakeep.download_slots WHERE lease_token = ANY($1::uuid[]);

-- @name insertSlots
-- Free slots are picked at random, so that processes seldom want the same ones, and taken in order, so that they
-- never deadlock. A slot with an expired lease is free.
-- @params hosts lanes concurrencyPerHost leaseSeconds
-- @notNull host slot token
INSERT INTO mediakeep.download_slots AS s (host, slot, lease_token, lease_expires_at)
SELECT free.host, free.slot, gen_random_uuid(), now() + make_interval(secs => $4)
FROM (
  SELECT w.host, n.slot, w.lanes, row_number() OVER (PARTITION BY w.host ORDER BY random()) AS rank
  FROM unnest($1::text[], $2::int[]) AS w (host, lanes) CROSS JOIN generate_series(0, $3::int - 1) AS n (slot)
  WHERE NOT EXISTS (SELECT FROM mediakeep.download_slots t
    WHERE t.host = w.host AND t.slot = n.slot AND t.lease_expires_at > now())) free
WHERE free.rank <= free.lanes ORDER BY free.host, free.slot
ON CONFLICT (host, slot) DO UPDATE
SET lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at
WHERE s.lease_expires_at <= now()
RETURNING s.host, s.slot, s.lease_token AS token;

-- @name extendSlots
-- @params tokens leaseSeconds
-- @notNull id
UPDATE mediakeep.download_slots s SET lease_expires_at = now() + make_interval(secs => $2)
FROM (SELECT d.host, d.slot FROM mediakeep.download_slots d WHERE d.lease_token = ANY($1::uuid[])
  ORDER BY d.host, d.slot FOR UPDATE) held
WHERE s.host = held.host AND s.slot = held.slot RETURNING s.host || '#' || s.slot AS id;
