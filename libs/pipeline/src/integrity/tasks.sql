-- @name updateCacheCount
-- @params cacheId files bytes
UPDATE mediakeep.caches SET files = $2, bytes = $3, counted_at = now() WHERE cache_id = $1;
