// Generated from media-facets.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * Reads the platforms of all posts. Goes from one to the next along the index, so each costs one look into it.
 */
export const listPlatforms = statement<
  [limit: number | null | undefined],
  { platform: string }
>(`
WITH RECURSIVE found (platform) AS (
  (SELECT min(p.platform) FROM public.posts p)
  UNION ALL
  SELECT (SELECT min(p.platform) FROM public.posts p WHERE p.platform > found.platform)
  FROM found WHERE found.platform IS NOT NULL)
SELECT platform FROM found WHERE platform IS NOT NULL LIMIT $1`)
