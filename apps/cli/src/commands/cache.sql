-- @name selectContentCount
-- @notNull n
SELECT count(*) AS n FROM mediakeep.contents;
