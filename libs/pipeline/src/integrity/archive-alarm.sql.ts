// Generated from archive-alarm.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectAlarm = statement<
  [],
  { value: unknown }
>(`
SELECT value FROM mediakeep.settings WHERE name = 'archive_alarm'`)

/**
 * Keeps the time of the first sighting.
 */
export const upsertAlarm = statement<
  [alarm: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.settings (name, value) VALUES ('archive_alarm', $1)
ON CONFLICT (name) DO UPDATE SET updated_at = now(),
  value = excluded.value || jsonb_build_object('since', settings.value -> 'since')`)

export const deleteAlarm = statement<
  [],
  object
>(`
DELETE FROM mediakeep.settings WHERE name = 'archive_alarm'`)
