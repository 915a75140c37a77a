-- @name upsertCacheAbsence
-- A shared setting, so that every statement on every machine decides alike whether a cache is in use. Without it, the
-- statements use 86400 seconds.
-- @params seconds
INSERT INTO mediakeep.settings (name, value) VALUES ('cache_absent_after_seconds', to_jsonb($1::float8))
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now()
WHERE settings.value IS DISTINCT FROM excluded.value;
