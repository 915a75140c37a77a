-- @name countMissingMedia
-- @params postIds sourceKeys
-- @notNull missing
SELECT count(*)::integer AS missing FROM unnest($1::text[], $2::text[]) i (post_id, source_key)
WHERE NOT EXISTS (SELECT FROM public.post_media m
  WHERE m.post_id = i.post_id AND m.source_key = i.source_key);
