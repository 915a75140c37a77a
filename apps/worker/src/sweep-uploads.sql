-- @name selectWantedUploads
-- @params folder
-- @notNull path
SELECT f.path FROM public.download_runs d JOIN mediakeep.import_runs r USING (run_id)
CROSS JOIN LATERAL unnest(r.files) f (path) WHERE starts_with(f.path, $1) GROUP BY f.path
HAVING bool_or(d.status = 'running') OR NOT bool_or(d.status = 'completed' AND r.posts_rejected = 0)
  OR EXISTS (SELECT FROM mediakeep.exports e JOIN mediakeep.media_files p USING (export_id)
    JOIN public.post_media m USING (media_id) WHERE e.path = f.path AND m.fate NOT IN ('fetched', 'rejected'));
