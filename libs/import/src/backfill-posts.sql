-- @name selectRun
-- @params id
-- @notNull options posts_processed
-- @row options: import('./stored-posts.ts').Selection & { after?: string }
SELECT options, posts_processed FROM mediakeep.import_runs WHERE run_id = $1;

-- @name addMediaCounts
-- @params id inserted refreshed
UPDATE mediakeep.import_runs SET media_new = media_new + $2, media_refreshed = media_refreshed + $3
WHERE run_id = $1;

-- @name insertRejectedPost
-- @params id postId pointer code reason excerpt
INSERT INTO mediakeep.rejected_posts (run_id, file, post_index, pointer, code, reason, excerpt)
VALUES ($1, $2, 0, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- @name selectPosition
-- @params ids tokens
SELECT options ->> 'after' AS after FROM mediakeep.import_runs q
WHERE (q.run_id, q.import_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[])) FOR NO KEY UPDATE;

-- @name updatePosition
-- @params id last length known rejected found
UPDATE mediakeep.import_runs SET import_deaths = 1, import_attempts = 0,
  options = jsonb_set(options, '{after}', to_jsonb($2::text)),
  posts_processed = posts_processed + $3, posts_known = posts_known + $4, posts_rejected = posts_rejected + $5,
  media_found = media_found + $6
WHERE run_id = $1;
