-- @name selectEnd
-- In this order, so that an entry or checkpoint that is added meanwhile is not missed by the other: first the end that
-- others claim, then the entries.
-- @notNull checkpoint
SELECT coalesce((SELECT max(count) FROM mediakeep.custody_checkpoints), 0) AS checkpoint, h.last_number AS head
FROM mediakeep.custody_head h;

-- @name selectLast
-- @notNull last waiting
SELECT coalesce((SELECT max(number) FROM mediakeep.custody), 0) AS last,
  (SELECT count(*) FROM mediakeep.custody_inbox) AS waiting;

-- @name selectEntries
-- @params after through limit
SELECT number, payload, prev_hash AS "prevHash", hash FROM mediakeep.custody
WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3;

-- @name selectValues
-- @params first last
SELECT number, name, salt, value FROM mediakeep.custody_values WHERE number >= $1 AND number <= $2;

-- @name selectItems
-- @params number position through limit
SELECT number, position, subject, item FROM mediakeep.custody_items
WHERE (number, position) > ($1, $2) AND number <= $3 ORDER BY number, position LIMIT $4;

-- @name selectCheckpoints
-- @params after through limit
SELECT count, body, signature FROM mediakeep.custody_checkpoints
WHERE count > $1 AND count <= $2 ORDER BY count LIMIT $3;
