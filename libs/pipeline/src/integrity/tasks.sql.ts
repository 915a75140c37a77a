// Generated from tasks.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const updateCacheCount = statement<
  [cacheId: string | null | undefined, files: number | null | undefined, bytes: number | null | undefined],
  object
>(`
UPDATE mediakeep.caches SET files = $2, bytes = $3, counted_at = now() WHERE cache_id = $1`)
