-- @name selectLastCheckpoint
SELECT count, body, signature FROM mediakeep.custody_checkpoints ORDER BY count DESC LIMIT 1;

-- @name selectState
-- @notNull at
SELECT h.last_number AS count, c.hash, l.epoch,
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  (SELECT k.payload::jsonb #>> '{details,key}' FROM mediakeep.custody k WHERE k.subject = 'keys'
    ORDER BY k.number DESC LIMIT 1) AS key
FROM mediakeep.custody_head h JOIN mediakeep.custody c ON c.number = h.last_number CROSS JOIN mediakeep.event_log l;

-- @name selectHashes
-- @params after through limit
SELECT number, hash FROM mediakeep.custody WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3;

-- @name insertCheckpoint
-- @params count body signature
INSERT INTO mediakeep.custody_checkpoints (count, body, signature) VALUES ($1, $2, $3);
