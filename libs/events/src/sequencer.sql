-- @name selectNewestIdentity
-- @notNull last
SELECT last_value AS last FROM mediakeep.events_event_id_seq;

-- @name selectWriters
-- @notNull transaction
SELECT DISTINCT virtualtransaction AS transaction FROM pg_locks
WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = 'mediakeep.events'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid();

-- @name selectSettled
-- @params settled newest
-- @notNull settled
SELECT least($2::bigint, (SELECT min(event_id) - 1 FROM mediakeep.events
WHERE number IS NULL AND event_id > $1)) AS settled;
