ALTER TABLE mediakeep.contents DROP COLUMN released_at;
DROP TABLE mediakeep.quarantine;
