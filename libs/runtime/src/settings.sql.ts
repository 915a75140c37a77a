// Generated from settings.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectSetting = statement<
  [name: string | null | undefined],
  { value: string }
>(`
SELECT value #>> '{}' AS value FROM mediakeep.settings WHERE name = $1`)

export const insertSetting = statement<
  [name: string | null | undefined, value2: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text)) ON CONFLICT (name) DO NOTHING`)

export const upsertSetting = statement<
  [name: string | null | undefined, value: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
WHERE settings.value IS DISTINCT FROM excluded.value`)
