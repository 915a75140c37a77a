-- Fails, and changes nothing, while the database holds audio.
ALTER TABLE mediakeep.analysers
  DROP CONSTRAINT analysers_media_types_check,
  ADD CONSTRAINT analysers_media_types_check
    CHECK (media_types <@ ARRAY['image', 'video', 'document'] AND media_types <> '{}');

ALTER TABLE mediakeep.analyses
  DROP CONSTRAINT analyses_media_type_check,
  ADD CONSTRAINT analyses_media_type_check CHECK (media_type IN ('image', 'video', 'document'));

ALTER TABLE mediakeep.contents
  DROP CONSTRAINT contents_media_type_check,
  ADD CONSTRAINT contents_media_type_check CHECK (media_type IN ('image', 'video', 'document')),
  DROP COLUMN findings;
