-- Audio becomes a kind of media, and a content can carry findings. Nothing reads the tables here: the constraints are
-- validated by the next migration, under a lock that lets readers and writers pass.
ALTER TABLE mediakeep.contents
  ADD COLUMN findings text[],
  DROP CONSTRAINT contents_media_type_check,
  ADD CONSTRAINT contents_media_type_check
    CHECK (media_type IN ('image', 'video', 'audio', 'document')) NOT VALID;
COMMENT ON COLUMN mediakeep.contents.findings IS 'Unusual things about a file that is kept all the same, such as missing_end_mark; null: none';

ALTER TABLE mediakeep.analyses
  DROP CONSTRAINT analyses_media_type_check,
  ADD CONSTRAINT analyses_media_type_check
    CHECK (media_type IN ('image', 'video', 'audio', 'document')) NOT VALID;

ALTER TABLE mediakeep.analysers
  DROP CONSTRAINT analysers_media_types_check,
  ADD CONSTRAINT analysers_media_types_check
    CHECK (media_types <@ ARRAY['image', 'video', 'audio', 'document'] AND media_types <> '{}') NOT VALID;
