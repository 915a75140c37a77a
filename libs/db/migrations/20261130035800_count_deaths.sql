-- Two counters in every queue: attempts counts results, deaths counts claims whose process never came back. What
-- was given up without a verdict on its bytes is parked: it stays, is listed, and is tried again on request.

ALTER TABLE mediakeep.contents
  ADD COLUMN inspect_deaths integer NOT NULL DEFAULT 0,
  ADD COLUMN inspect_parked_at timestamptz,
  ADD COLUMN inspect_parked_version text,
  ADD COLUMN archive_deaths integer NOT NULL DEFAULT 0;
ALTER TABLE mediakeep.import_runs ADD COLUMN import_deaths integer NOT NULL DEFAULT 0;
ALTER TABLE mediakeep.tasks ADD COLUMN task_deaths integer NOT NULL DEFAULT 0;
ALTER TABLE mediakeep.analyses ADD COLUMN analysis_deaths integer NOT NULL DEFAULT 0;
ALTER TABLE public.post_media ADD COLUMN download_deaths integer NOT NULL DEFAULT 0;

COMMENT ON COLUMN mediakeep.contents.inspect_deaths IS 'Claims in a row whose process died; any other end of a lease resets it';
COMMENT ON COLUMN mediakeep.contents.inspect_parked_at IS 'When inspection gave up without a verdict; the reason is in inspect_error';
COMMENT ON COLUMN mediakeep.contents.inspect_parked_version IS 'The decoders and limits that gave up: other ones try again';

-- The table is locked already, by its new columns.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX contents_inspect_parked_idx ON mediakeep.contents (cache_id, inspect_parked_version)
  WHERE inspect_parked_at IS NOT NULL;
