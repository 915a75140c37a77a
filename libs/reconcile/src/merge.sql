-- @name insertMerged
-- @params losers survivors
INSERT INTO mediakeep.merged_media AS m (media_id, survivor_id, merged_row)
SELECT q.media_id, k.survivor_id, to_jsonb(q) FROM unnest($1::text[], $2::text[]) k (loser_id, survivor_id)
JOIN public.post_media q ON q.media_id = k.loser_id
ON CONFLICT (media_id) DO UPDATE SET survivor_id = excluded.survivor_id, merged_at = now(),
  merged_row = excluded.merged_row || jsonb_build_object('merged_before', m.merged_row);

-- @name updateSurvivors
-- @params losers survivors
UPDATE mediakeep.merged_media m SET survivor_id = k.survivor_id
FROM unnest($1::text[], $2::text[]) k (loser_id, survivor_id) WHERE m.survivor_id = k.loser_id;

-- @name deleteMerged
-- @params losers
DELETE FROM public.post_media WHERE media_id = ANY ($1);

-- @name selectColumns
-- @notNull name
SELECT attname AS name FROM pg_attribute WHERE attrelid = 'public.post_media'::regclass
  AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = '';
