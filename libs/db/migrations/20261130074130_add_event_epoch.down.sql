DROP TABLE mediakeep.event_epochs;
ALTER TABLE mediakeep.event_log DROP COLUMN origin, DROP COLUMN epoch;
DROP FUNCTION mediakeep.database_origin();
