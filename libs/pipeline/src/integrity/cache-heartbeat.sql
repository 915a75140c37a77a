-- @name upsertCache
-- @params id host folder
INSERT INTO mediakeep.caches (cache_id, host, folder) VALUES ($1, $2, $3)
ON CONFLICT (cache_id) DO UPDATE SET host = excluded.host, folder = excluded.folder, last_seen_at = now();
