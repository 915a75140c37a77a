DROP INDEX mediakeep.contents_inspect_parked_idx;
ALTER TABLE public.post_media DROP COLUMN download_deaths;
ALTER TABLE mediakeep.analyses DROP COLUMN analysis_deaths;
ALTER TABLE mediakeep.tasks DROP COLUMN task_deaths;
ALTER TABLE mediakeep.import_runs DROP COLUMN import_deaths;
ALTER TABLE mediakeep.contents
  DROP COLUMN archive_deaths,
  DROP COLUMN inspect_parked_version,
  DROP COLUMN inspect_parked_at,
  DROP COLUMN inspect_deaths;
