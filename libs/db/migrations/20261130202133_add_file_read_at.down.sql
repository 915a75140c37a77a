ALTER TABLE mediakeep.media_files DROP COLUMN read_at;
