-- PostgreSQL cannot mark a validated constraint NOT VALID: each is created again, without reading the table.
ALTER TABLE mediakeep.contents
  DROP CONSTRAINT contents_media_type_check,
  ADD CONSTRAINT contents_media_type_check
    CHECK (media_type IN ('image', 'video', 'audio', 'document')) NOT VALID;

ALTER TABLE mediakeep.analyses
  DROP CONSTRAINT analyses_media_type_check,
  ADD CONSTRAINT analyses_media_type_check
    CHECK (media_type IN ('image', 'video', 'audio', 'document')) NOT VALID;

ALTER TABLE mediakeep.analysers
  DROP CONSTRAINT analysers_media_types_check,
  ADD CONSTRAINT analysers_media_types_check
    CHECK (media_types <@ ARRAY['image', 'video', 'audio', 'document'] AND media_types <> '{}') NOT VALID;
