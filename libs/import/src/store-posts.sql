-- @name insertNewPosts
-- @params ids urns fullUrns platforms postedAts authorUsernames texts postTypes urls sourceIds json authorNames authorIds languages links findings
-- @param json: Buffer
-- @notNull post_id
INSERT INTO public.posts (post_id, urn, full_urn, platform, posted_at_timestamp, author_username,
    text_content, post_type, url, source_id, raw_json, author_name, author_id, language, post_links, findings,
    identified_at, first_seen_at)
SELECT i.post_id, i.urn, i.full_urn, i.platform, i.posted_at, i.author_username, i.text_content, i.post_type, i.url,
  i.source_id, i.raw_json, i.author_name, i.author_id, i.language, i.post_links::jsonb, i.findings::jsonb, now(), now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[], string_to_array($11::text, E'\x01'), $12::text[], $13::text[],
    $14::text[], $15::text[], $16::text[])
  i (post_id, urn, full_urn, platform, posted_at, author_username, text_content, post_type, url, source_id, raw_json,
    author_name, author_id, language, post_links, findings)
ON CONFLICT DO NOTHING RETURNING post_id;

-- @name insertSnapshotsOfNew
-- @params ids postIds totalReactions statsJson runId path
INSERT INTO public.data_downloads (download_id, post_id, run_id, downloaded_at,
    total_reactions, stats_json, source_file_path, raw_json)
SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, p.raw_json
FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[])
  WITH ORDINALITY i (download_id, post_id, total_reactions, stats_json, n) JOIN public.posts p USING (post_id);

-- @name insertSnapshotsOfKnown
-- @params ids postIds totalReactions statsJson runId path json
-- @param json: Buffer
INSERT INTO public.data_downloads (download_id, post_id, run_id, downloaded_at,
    total_reactions, stats_json, source_file_path, raw_json)
SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, j.raw_json
FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[])
  WITH ORDINALITY i (download_id, post_id, total_reactions, stats_json, n)
JOIN unnest(string_to_array($7::text, E'\x01')) WITH ORDINALITY j (raw_json, n) USING (n)
-- OFFSET 0 forces a look-up by post: as a join, a plan made before the run had rows would read all of them.
WHERE NOT EXISTS (SELECT FROM public.data_downloads d
  WHERE d.post_id = i.post_id AND d.run_id = $5 OFFSET 0);
