-- @name updateSuspected
-- @params sha256s minSources minAuthors sample
UPDATE mediakeep.contents c SET placeholder_suspected_at = now()
WHERE c.sha256_sum = ANY($1::text[]) AND c.placeholder_suspected_at IS NULL AND (
  SELECT count(DISTINCT shown.source_key) >= $2 AND count(DISTINCT shown.author_username) >= $3
  FROM (SELECT m.source_key, p.author_username FROM public.post_media m JOIN public.posts p USING (post_id)
    WHERE m.sha256_sum = c.sha256_sum LIMIT $4) shown);
