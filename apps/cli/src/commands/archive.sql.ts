// Generated from archive.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectNotArchived = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, cacheId: string | null | undefined],
  { line: string }
>(`
SELECT m.media_id || ': ' || coalesce(c.rejected_reason, c.archive_error,
  CASE WHEN c.cache_id = $2 THEN 'not archived' ELSE 'not in the cache of this machine' END) AS line
FROM public.post_media m LEFT JOIN mediakeep.contents c USING (sha256_sum)
WHERE m.media_id = ANY($1) AND (m.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)`)
