-- @name raisePriority
-- @params mediaIds priority
UPDATE mediakeep.analyses SET priority = $2 WHERE state = 'pending' AND priority < $2
  AND sha256_sum IN (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1));
