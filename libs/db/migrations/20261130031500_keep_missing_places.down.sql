DROP TABLE mediakeep.caches;
ALTER TABLE mediakeep.contents
  DROP COLUMN missing_from,
  DROP COLUMN archive_missing_since;
