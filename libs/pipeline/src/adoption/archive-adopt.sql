-- @name selectOldObjects
-- @params after mediaIds limit
-- @notNull archiveUrl mediaIds md5s
SELECT m.archive_url AS "archiveUrl", array_agg(m.media_id ORDER BY m.media_id) AS "mediaIds",
  array_remove(array_agg(DISTINCT m.md5_sum), NULL) AS md5s
FROM public.post_media m
WHERE m.archive_url IS NOT NULL AND m.archive_url > $1
  AND m.sha256_sum IS NULL AND m.fate <> 'rejected' AND ($2::text[] IS NULL OR m.media_id = ANY($2))
GROUP BY m.archive_url ORDER BY m.archive_url LIMIT $3;
