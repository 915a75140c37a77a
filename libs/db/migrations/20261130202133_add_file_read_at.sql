-- When the bytes of a media row were read from this file. Null: the file was not needed, was refused, or waits.
ALTER TABLE mediakeep.media_files ADD COLUMN IF NOT EXISTS read_at timestamptz;
