ALTER TABLE mediakeep.contents DROP COLUMN analysis_generation;
DROP TABLE mediakeep.counters;
DROP TABLE mediakeep.analysis_usage;
DROP TABLE mediakeep.analyses;
DROP SEQUENCE mediakeep.analysis_numbers;
DROP TABLE mediakeep.analysers;
DROP SEQUENCE mediakeep.analysis_generation;
