-- @name selectContentsOf
-- @params mediaIds
-- @notNull sha256
SELECT DISTINCT sha256_sum AS sha256 FROM public.post_media
WHERE media_id = ANY ($1::text[]) AND sha256_sum IS NOT NULL;

-- @name selectLackingCount
-- Counts verified contents without a result or plan of an analyser, up to a limit.
-- @params mediaTypes name version limit
-- @notNull files
SELECT count(*) AS files FROM (
  SELECT FROM mediakeep.contents c
  WHERE c.inspected_at IS NOT NULL AND c.rejected_at IS NULL AND c.media_type = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = c.sha256_sum AND a.analyser = $2
      AND a.analyser_version = $3)
  LIMIT $4) found;
