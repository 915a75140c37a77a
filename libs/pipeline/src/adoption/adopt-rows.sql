-- @name lockContent
-- @params sha256
SELECT FROM mediakeep.contents c WHERE c.sha256_sum = $1 FOR NO KEY UPDATE;
