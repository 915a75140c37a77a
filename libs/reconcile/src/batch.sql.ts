// Generated from batch.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

/**
 * For the rest of the transaction. With row security off, PostgreSQL refuses to read a table with hidden rows. Without
 * the other two settings, a planner with old statistics sorts all remaining rows for each batch, although the index has
 * them in order.
 */
export const setPlanning = statement<
  [],
  { rowSecurity: string | null; bitmapScan: string | null; sort: string | null }
>(`
SELECT set_config('row_security', 'off', true) AS "rowSecurity",
  set_config('enable_bitmapscan', 'off', true) AS "bitmapScan", set_config('enable_sort', 'off', true) AS sort`)

/**
 * Forces one look-up per key, whatever the planner's statistics: the table may just have been filled.
 */
export const lockRowsOfKeys = statement<
  [postIds: readonly (string | null | undefined)[] | null | undefined, keys: readonly (string | null | undefined)[] | null | undefined, mediaIds: readonly (string | null | undefined)[] | null | undefined],
  { mediaId: string; postId: string; url: string; sourceKey: string | null; fate: string; isJudged: boolean; isChecksummed: boolean; isLocal: boolean; isArchived: boolean; isAnalysed: boolean | null; createdAt: string | null; isPending: boolean | null; hasNullLog: boolean }
>(`
SELECT q.* FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) k (post_id, source_key) ORDER BY 1, 2) k
CROSS JOIN LATERAL (SELECT q.media_id AS "mediaId", q.post_id AS "postId", q.media_url AS url,
    q.source_key AS "sourceKey", q.fate,
    q.judged_at IS NOT NULL AS "isJudged",
    coalesce(q.md5_sum, '') <> '' AS "isChecksummed", coalesce(q.local_file_path, '') <> '' AS "isLocal",
    coalesce(q.archive_url, '') <> '' AS "isArchived",
    q.ai_analysis_status = 'completed' OR q.ai_analysis IS NOT NULL AS "isAnalysed",
    q.created_at::text AS "createdAt", q.ai_analysis_status = 'pending' AS "isPending",
    q.ai_analysis_log IS NULL AS "hasNullLog" FROM public.post_media q
  WHERE q.post_id = k.post_id AND q.source_key = k.source_key AND q.media_id <> ALL ($3) LIMIT 1 FOR UPDATE) q`)

export const updateKeys = statement<
  [mediaIds: readonly (string | null | undefined)[] | null | undefined, keys: readonly (string | null | undefined)[] | null | undefined, hosts: readonly (string | null | undefined)[] | null | undefined, urls: readonly (string | null | undefined)[] | null | undefined, expiresAts: readonly (Date | string | null | undefined)[] | null | undefined, refusals: readonly (string | null | undefined)[] | null | undefined, isFresher: readonly (boolean | null | undefined)[] | null | undefined, isUnescaped: readonly (boolean | null | undefined)[] | null | undefined],
  object
>(`
WITH written AS (
  UPDATE public.post_media q SET
    source_key = k.source_key, source_host = coalesce(k.source_host, q.source_host),
    media_url = k.media_url, url_expires_at = k.expires_at,
    posted_at = coalesce(q.posted_at, CASE
          WHEN (CASE WHEN p.platform IN ('youtube', 'substack') AND p.posted_at_timestamp > -100000000000
                  AND p.posted_at_timestamp < 100000000000
                THEN p.posted_at_timestamp * 1000 ELSE p.posted_at_timestamp END) BETWEEN 0 AND 253402300799999
          THEN to_timestamp((CASE WHEN p.platform IN ('youtube', 'substack') AND p.posted_at_timestamp > -100000000000
                  AND p.posted_at_timestamp < 100000000000
                THEN p.posted_at_timestamp * 1000 ELSE p.posted_at_timestamp END) / 1000.0) END),
    byte_size = coalesce(q.byte_size, q.file_size), ai_analysis_log = coalesce(q.ai_analysis_log, '[]'),
    ai_analysis_status = CASE q.ai_analysis_status WHEN 'pending' THEN 'not_started' ELSE q.ai_analysis_status END,
    fate = f.fate, fate_reason = CASE f.fate WHEN q.fate THEN q.fate_reason WHEN 'blocked' THEN k.refusal END,
    fate_at = CASE WHEN f.fate = q.fate THEN q.fate_at ELSE now() END,
    download_attempts = CASE WHEN f.is_reopened THEN 0 ELSE q.download_attempts END,
    download_not_before = CASE WHEN f.is_reopened THEN NULL ELSE q.download_not_before END,
    local_file_path = CASE WHEN f.is_reopened AND q.fate = 'rejected' THEN NULL ELSE q.local_file_path END
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::boolean[],
      $8::boolean[])
    k (media_id, source_key, source_host, media_url, expires_at, refusal, is_fresher, is_unescaped)
  CROSS JOIN LATERAL (SELECT * FROM public.post_media WHERE media_id = k.media_id) o
  JOIN public.posts p ON p.post_id = o.post_id
  CROSS JOIN LATERAL (SELECT k.is_unescaped AND k.refusal IS NULL AND o.judged_at IS NULL
      AND o.fate NOT IN ('waiting', 'fetched') AS is_reopened) r
  CROSS JOIN LATERAL (SELECT CASE
        WHEN o.fate = 'waiting' AND o.source_key IS NULL AND coalesce(o.md5_sum, '') <> ''
      AND coalesce(nullif(o.archive_url, ''), nullif(o.local_file_path, '')) IS NOT NULL THEN 'fetched'
        WHEN o.fate = 'waiting' AND k.refusal IS NOT NULL THEN 'blocked'
        WHEN o.fate = 'expired' AND k.is_fresher THEN 'waiting'
        WHEN r.is_reopened THEN 'waiting'
        ELSE o.fate END AS fate, r.is_reopened) f
  WHERE q.media_id = k.media_id RETURNING q.media_id, q.post_id, q.fate, o.fate AS was)
INSERT INTO mediakeep.events (kind, changes)
SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
    'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
  FROM (SELECT w.media_id, w.post_id, 'fate' AS what, w.was AS old_status, w.fate AS new_status
    FROM written w WHERE w.fate <> w.was) g) c GROUP BY c.part`)

export const updateDefaults = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
UPDATE public.post_media q SET ai_analysis_log = coalesce(q.ai_analysis_log, '[]'),
  ai_analysis_status = CASE q.ai_analysis_status WHEN 'pending' THEN 'not_started' ELSE q.ai_analysis_status END
WHERE q.media_id = ANY ($1)`)
