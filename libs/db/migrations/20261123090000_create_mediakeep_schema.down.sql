DROP TABLE mediakeep.settings;
DROP TABLE mediakeep.merged_media;
DROP TABLE mediakeep.tasks;
DROP TABLE mediakeep.rejected_posts;
DROP TABLE mediakeep.import_runs;
DROP TABLE mediakeep.download_hosts;
DROP TABLE mediakeep.download_slots;
DROP TABLE mediakeep.contents;
-- The schema stays: the migration history lives in it.
COMMENT ON SCHEMA mediakeep IS NULL;
