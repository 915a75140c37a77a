-- @name lockHeld
-- @params ids tokens
-- @notNull id
SELECT q.sha256_sum AS id FROM mediakeep.contents q
WHERE (q.sha256_sum, q.archive_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
ORDER BY q.sha256_sum FOR UPDATE;
