// Generated from store-posts.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const insertNewPosts = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, urns: readonly (string | null | undefined)[] | null | undefined, fullUrns: readonly (string | null | undefined)[] | null | undefined, platforms: readonly (string | null | undefined)[] | null | undefined, postedAts: readonly (number | null | undefined)[] | null | undefined, authorUsernames: readonly (string | null | undefined)[] | null | undefined, texts: readonly (string | null | undefined)[] | null | undefined, postTypes: readonly (string | null | undefined)[] | null | undefined, urls: readonly (string | null | undefined)[] | null | undefined, sourceIds: readonly (string | null | undefined)[] | null | undefined, json: Buffer | null | undefined, authorNames: readonly (string | null | undefined)[] | null | undefined, authorIds: readonly (string | null | undefined)[] | null | undefined, languages: readonly (string | null | undefined)[] | null | undefined, links: readonly (string | null | undefined)[] | null | undefined, findings: readonly (string | null | undefined)[] | null | undefined],
  { post_id: string }
>(`
INSERT INTO public.posts (post_id, urn, full_urn, platform, posted_at_timestamp, author_username,
    text_content, post_type, url, source_id, raw_json, author_name, author_id, language, post_links, findings,
    identified_at, first_seen_at)
SELECT i.post_id, i.urn, i.full_urn, i.platform, i.posted_at, i.author_username, i.text_content, i.post_type, i.url,
  i.source_id, i.raw_json, i.author_name, i.author_id, i.language, i.post_links::jsonb, i.findings::jsonb, now(), now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[], string_to_array($11::text, E'\\x01'), $12::text[], $13::text[],
    $14::text[], $15::text[], $16::text[])
  i (post_id, urn, full_urn, platform, posted_at, author_username, text_content, post_type, url, source_id, raw_json,
    author_name, author_id, language, post_links, findings)
ON CONFLICT DO NOTHING RETURNING post_id`)

export const insertSnapshotsOfNew = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, postIds: readonly (string | null | undefined)[] | null | undefined, totalReactions: readonly (number | null | undefined)[] | null | undefined, statsJson: readonly (string | null | undefined)[] | null | undefined, runId: string | null | undefined, path: string | null | undefined],
  object
>(`
INSERT INTO public.data_downloads (download_id, post_id, run_id, downloaded_at,
    total_reactions, stats_json, source_file_path, raw_json)
SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, p.raw_json
FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[])
  WITH ORDINALITY i (download_id, post_id, total_reactions, stats_json, n) JOIN public.posts p USING (post_id)`)

export const insertSnapshotsOfKnown = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, postIds: readonly (string | null | undefined)[] | null | undefined, totalReactions: readonly (number | null | undefined)[] | null | undefined, statsJson: readonly (string | null | undefined)[] | null | undefined, runId: string | null | undefined, path: string | null | undefined, json: Buffer | null | undefined],
  object
>(`
INSERT INTO public.data_downloads (download_id, post_id, run_id, downloaded_at,
    total_reactions, stats_json, source_file_path, raw_json)
SELECT i.download_id, i.post_id, $5, now(), i.total_reactions, i.stats_json, $6, j.raw_json
FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[])
  WITH ORDINALITY i (download_id, post_id, total_reactions, stats_json, n)
JOIN unnest(string_to_array($7::text, E'\\x01')) WITH ORDINALITY j (raw_json, n) USING (n)
-- OFFSET 0 forces a look-up by post: as a join, a plan made before the run had rows would read all of them.
WHERE NOT EXISTS (SELECT FROM public.data_downloads d
  WHERE d.post_id = i.post_id AND d.run_id = $5 OFFSET 0)`)
