-- @name selectAlarm
SELECT value FROM mediakeep.settings WHERE name = 'archive_alarm';

-- @name upsertAlarm
-- Keeps the time of the first sighting.
-- @params alarm
INSERT INTO mediakeep.settings (name, value) VALUES ('archive_alarm', $1)
ON CONFLICT (name) DO UPDATE SET updated_at = now(),
  value = excluded.value || jsonb_build_object('since', settings.value -> 'since');

-- @name deleteAlarm
DELETE FROM mediakeep.settings WHERE name = 'archive_alarm';
