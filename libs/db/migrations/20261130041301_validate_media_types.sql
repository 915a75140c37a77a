ALTER TABLE mediakeep.contents VALIDATE CONSTRAINT contents_media_type_check;
ALTER TABLE mediakeep.analyses VALIDATE CONSTRAINT analyses_media_type_check;
ALTER TABLE mediakeep.analysers VALIDATE CONSTRAINT analysers_media_types_check;
