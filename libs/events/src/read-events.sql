-- @name selectEvents
-- @params after limit through
-- @notNull number createdAt kind changes
SELECT number, kind, changes, created_at AS "createdAt" FROM mediakeep.events
WHERE number > $1 AND ($3::bigint IS NULL OR number <= $3) ORDER BY number LIMIT $2;
