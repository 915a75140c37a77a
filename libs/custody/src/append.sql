-- @name insertEntries
-- @params actor entries
INSERT INTO mediakeep.custody_inbox (kind, subject, actor, details, private, items)
SELECT e.kind, e.subject, $1::jsonb, coalesce(e.details, '{}'), coalesce(e.private, '{}'), e.items
FROM jsonb_to_recordset($2::jsonb) AS e (kind text, subject text, details jsonb, private jsonb, items jsonb);
