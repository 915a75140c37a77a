// Generated from change-fates.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectShownMedia = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined],
  { mediaId: string; sha256: string }
>(`
SELECT m.media_id AS "mediaId", m.sha256_sum AS sha256 FROM public.post_media m
WHERE m.sha256_sum = ANY($1::text[]) ORDER BY m.media_id`)

export const updateFates = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, reasons: readonly (string | null | undefined)[] | null | undefined, to: string | null | undefined, from: string | null | undefined, isJudged: boolean | null | undefined],
  { id: string }
>(`
WITH given AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS g (media_id, reason)),
locked AS MATERIALIZED (
  SELECT m.media_id, m.fate, g.reason FROM given g JOIN public.post_media m ON m.media_id = g.media_id
  WHERE $4::text IS NULL OR m.fate = $4 ORDER BY m.media_id FOR UPDATE OF m),
changed AS (
  UPDATE public.post_media m SET fate = $3, fate_reason = l.reason, fate_at = now(), updated_at = now(),
    fetched_at = CASE WHEN $3 = 'fetched' THEN coalesce(m.fetched_at, now()) ELSE m.fetched_at END,
    judged_at = CASE WHEN $5::boolean IS NULL THEN m.judged_at WHEN $5 THEN now() END,
    download_attempts = CASE WHEN $3 = 'waiting' THEN 0 ELSE m.download_attempts END, download_deaths = 0,
    download_not_before = NULL, download_lease_token = NULL, download_lease_expires_at = NULL
  FROM locked l WHERE m.media_id = l.media_id RETURNING m.media_id, m.post_id, l.fate AS was),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT c.media_id, c.post_id, 'fate' AS what, c.was AS old_status, $3::text AS new_status
      FROM changed c WHERE c.was <> $3) g) c GROUP BY c.part)
SELECT changed.media_id AS id FROM changed`)
