-- @name selectSetting
-- @params name
-- @notNull value
SELECT value #>> '{}' AS value FROM mediakeep.settings WHERE name = $1;

-- @name insertSetting
-- @params name value2
INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text)) ON CONFLICT (name) DO NOTHING;

-- @name upsertSetting
-- @params name value
INSERT INTO mediakeep.settings (name, value) VALUES ($1, to_jsonb($2::text))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
WHERE settings.value IS DISTINCT FROM excluded.value;
