-- @name selectFileUrl
SELECT FROM mediakeep.contents WHERE archive_url LIKE 'file:%' LIMIT 1;
