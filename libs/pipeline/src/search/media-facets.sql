-- @name listPlatforms
-- Reads the platforms of all posts. Goes from one to the next along the index, so each costs one look into it.
-- @params limit
-- @notNull platform
WITH RECURSIVE found (platform) AS (
  (SELECT min(p.platform) FROM public.posts p)
  UNION ALL
  SELECT (SELECT min(p.platform) FROM public.posts p WHERE p.platform > found.platform)
  FROM found WHERE found.platform IS NOT NULL)
SELECT platform FROM found WHERE platform IS NOT NULL LIMIT $1;
