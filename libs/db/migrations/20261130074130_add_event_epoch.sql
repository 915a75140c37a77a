-- An epoch is one history of the event log. A failover or a restore that lost commits begins another: its numbers repeat
-- those that were lost, with other events behind them, so a number alone does not say what a client has seen.

CREATE FUNCTION mediakeep.database_origin() RETURNS text
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  RETURN (SELECT system_identifier FROM pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
    || '/' || (SELECT oid FROM pg_database WHERE datname = current_database());
EXCEPTION WHEN OTHERS THEN
  -- Some managed services do not have these functions. There, `mediakeep` sees no failover by itself.
  RETURN 'unknown';
END $$;
COMMENT ON FUNCTION mediakeep.database_origin() IS 'Changes with a restore into another server or database, and with a failover: server, timeline, database';

ALTER TABLE mediakeep.event_log
  ADD COLUMN epoch text NOT NULL DEFAULT '',
  ADD COLUMN origin text;
ALTER TABLE mediakeep.event_log
  ALTER COLUMN epoch SET DEFAULT left(md5(random()::text || clock_timestamp()::text), 8);
UPDATE mediakeep.event_log SET epoch = DEFAULT;
COMMENT ON COLUMN mediakeep.event_log.epoch IS 'Which history of the log this is; part of every cursor';
COMMENT ON COLUMN mediakeep.event_log.origin IS 'Where the epoch is written; when database_origin() says another, a new epoch begins';

CREATE TABLE mediakeep.event_epochs (
  place integer GENERATED ALWAYS AS IDENTITY,
  epoch text NOT NULL,
  last_number bigint NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT event_epochs_pkey PRIMARY KEY (place),
  CONSTRAINT event_epochs_epoch_key UNIQUE (epoch)
);
COMMENT ON TABLE mediakeep.event_epochs IS 'Epochs that ended, in their order';
COMMENT ON COLUMN mediakeep.event_epochs.last_number IS 'Up to here the later epochs have the same events; cursors beyond it are refused';
