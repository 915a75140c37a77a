// Generated from cache-heartbeat.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const upsertCache = statement<
  [id: string | null | undefined, host: string | null | undefined, folder: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.caches (cache_id, host, folder) VALUES ($1, $2, $3)
ON CONFLICT (cache_id) DO UPDATE SET host = excluded.host, folder = excluded.folder, last_seen_at = now()`)
