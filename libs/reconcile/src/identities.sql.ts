// Generated from identities.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectUnread = statement<
  [after: string | null | undefined, limit: number | null | undefined, maxBytes: number | null | undefined],
  { id: string; rawJson: string; platform: string }
>(`
WITH unread AS MATERIALIZED (
  SELECT post_id, coalesce(octet_length(raw_json), 0) AS bytes FROM public.posts
  WHERE identified_at IS NULL AND raw_json IS NOT NULL AND post_id > $1
  ORDER BY post_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED),
fitting AS (
  SELECT post_id FROM (SELECT post_id, sum(bytes) OVER (ORDER BY post_id) - bytes AS before FROM unread) s
  WHERE before < $3)
SELECT p.post_id AS id, p.raw_json AS "rawJson", coalesce(p.platform, 'linkedin') AS platform
FROM fitting JOIN public.posts p USING (post_id) ORDER BY p.post_id`)

export const updateIdentities = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, sourceIds: readonly (string | null | undefined)[] | null | undefined, platforms: readonly (string | null | undefined)[] | null | undefined],
  { identified: number }
>(`
WITH read AS (
  SELECT i.post_id, i.source_id, row_number() OVER (PARTITION BY i.platform, i.source_id ORDER BY i.post_id) AS n,
    EXISTS (SELECT FROM public.posts o WHERE o.source_id = i.source_id
        AND coalesce(o.platform, 'linkedin') = i.platform) AS is_held
  FROM unnest($1::text[], $2::text[], $3::text[]) i (post_id, source_id, platform)),
written AS (
  UPDATE public.posts p SET identified_at = now(),
    source_id = CASE WHEN read.n = 1 AND NOT read.is_held THEN read.source_id END
  FROM read WHERE p.post_id = read.post_id RETURNING p.source_id)
SELECT count(source_id)::int AS identified FROM written`)
