-- @name selectOtherArchive
-- @params archivePrefix
SELECT archive_url AS url FROM mediakeep.contents
WHERE archive_url IS NOT NULL AND NOT starts_with(archive_url, $1) LIMIT 1;
