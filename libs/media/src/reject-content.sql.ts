// Generated from reject-content.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const updateRejected = statement<
  [mediaId: string | null | undefined, reason: string | null | undefined, actor: string | null | undefined, actorName: string | null | undefined],
  { sha256: string }
>(`
WITH judged AS (
  UPDATE mediakeep.contents c SET rejected_at = now(), rejected_reason = $2, released_at = NULL,
    archive_not_before = NULL,
    -- Queues its file for inspection as if for the first time.
    inspected_at = NULL, inspect_error = NULL, inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
    inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0, inspect_deaths = 0,
    inspect_not_before = now()
  FROM public.post_media m WHERE m.media_id = $1 AND c.sha256_sum = m.sha256_sum
  RETURNING c.sha256_sum),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, private)
  SELECT 'rejected', coalesce('content:' || (SELECT j.sha256_sum FROM judged j), 'media:' || m.media_id), $3::jsonb,
    jsonb_strip_nulls(jsonb_build_object('reason', $2::text, 'actorName', $4::text))
  FROM public.post_media m WHERE m.media_id = $1)
SELECT sha256_sum AS sha256 FROM judged`)

export const updateUnrejected = statement<
  [mediaId: string | null | undefined, actor: string | null | undefined, actorName: string | null | undefined],
  { sha256: string; archiveUrl: string | null; isKept: boolean }
>(`
WITH shown AS (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = $1),
wanted AS (
  UPDATE mediakeep.quarantine f SET release_requested_at = now() FROM shown
  WHERE f.sha256_sum = shown.sha256_sum AND f.released_at IS NULL AND f.removed_at IS NULL RETURNING f.cache_id),
returned AS (
  UPDATE mediakeep.contents c SET rejected_at = NULL, rejected_reason = NULL, released_at = now(),
    inspect_error = NULL, inspect_attempts = 0, inspect_not_before = now(), inspect_lease_token = NULL,
    inspect_lease_expires_at = NULL,
    -- Only the archive has its file, so no cache will inspect it: a person's release counts as its inspection.
    inspected_at = CASE WHEN c.archive_url IS NOT NULL AND c.cache_id IS NULL AND NOT EXISTS (SELECT FROM wanted)
      THEN now() ELSE c.inspected_at END
  FROM shown WHERE c.sha256_sum = shown.sha256_sum AND c.rejected_at IS NOT NULL
  RETURNING c.sha256_sum, c.archive_url,
    c.archive_url IS NOT NULL OR c.cache_id IS NOT NULL OR EXISTS (SELECT FROM wanted) AS is_kept),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, private)
  SELECT 'unrejected', 'content:' || r.sha256_sum, $2::jsonb, jsonb_strip_nulls(jsonb_build_object('actorName', $3::text))
  FROM returned r
  UNION ALL
  SELECT 'unrejected', 'media:' || m.media_id, $2::jsonb, jsonb_strip_nulls(jsonb_build_object('actorName', $3::text))
  FROM public.post_media m WHERE m.media_id = $1 AND m.fate = 'rejected' AND NOT EXISTS (SELECT FROM returned))
SELECT sha256_sum AS sha256, archive_url AS "archiveUrl", is_kept AS "isKept" FROM returned`)

export const updateArchiveUrls = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, archiveUrl: string | null | undefined],
  object
>(`
UPDATE public.post_media SET archive_url = $2
WHERE media_id = ANY($1::text[]) AND archive_url IS NULL AND fate = 'rejected'`)

export const selectKnown = statement<
  [mediaId: string | null | undefined],
  { mediaId: string }
>(`
SELECT m.media_id AS "mediaId" FROM public.post_media m WHERE m.media_id = $1`)
