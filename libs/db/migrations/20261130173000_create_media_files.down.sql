-- Afterwards, media whose only source is a file of an export wait until that export is imported again by newer code.
DROP TABLE mediakeep.media_files;
DROP TABLE mediakeep.exports;
