// Generated from store-media.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const upsertMedia = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, postIds: readonly (string | null | undefined)[] | null | undefined, mediaTypes: readonly (string | null | undefined)[] | null | undefined, urls: readonly (string | null | undefined)[] | null | undefined, widths: readonly (number | null | undefined)[] | null | undefined, heights: readonly (number | null | undefined)[] | null | undefined, sourceKeys: readonly (string | null | undefined)[] | null | undefined, hosts: readonly (string | null | undefined)[] | null | undefined, roles: readonly (string | null | undefined)[] | null | undefined, pointers: readonly (string | null | undefined)[] | null | undefined, postedAts: readonly (Date | string | null | undefined)[] | null | undefined, expiresAts: readonly (Date | string | null | undefined)[] | null | undefined, fates: readonly (string | null | undefined)[] | null | undefined, rolesByStrength: readonly (string | null | undefined)[] | null | undefined, reasons: readonly (string | null | undefined)[] | null | undefined, altTexts: readonly (string | null | undefined)[] | null | undefined, attestedAlgorithms: readonly (string | null | undefined)[] | null | undefined, attestedValues: readonly (string | null | undefined)[] | null | undefined, actor: string | null | undefined],
  { inserted: number; refreshed: number }
>(`
WITH stored AS (
  INSERT INTO public.post_media AS m (media_id, post_id, media_type, media_url, width, height, source_key,
      source_host, role, json_pointers, posted_at, url_expires_at, fate, fate_reason, fate_at, ai_analysis_log,
      alt_text, attested_algorithm, attested_value)
  SELECT i.media_id, i.post_id, i.media_type, i.media_url, i.width, i.height, i.source_key, i.source_host, i.role,
    i.pointers::text[], i.posted_at, i.expires_at,
    coalesce(i.fate, 'waiting'), i.fate_reason, now(), '[]', i.alt_text, i.attested_algorithm, i.attested_value
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[], $15::text[],
      $16::text[], $17::text[], $18::text[])
    i (media_id, post_id, media_type, media_url, width, height, source_key, source_host, role, pointers, posted_at,
        expires_at, fate, fate_reason, alt_text, attested_algorithm, attested_value)
  ON CONFLICT (post_id, source_key) DO UPDATE SET
    -- A newly signed URL, and not an older one from an older export, reopens all rows except fetched ones and those that
    -- a person judged: any other fate came about under the old URL.
    media_url = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN excluded.media_url ELSE m.media_url END,
    source_host = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN excluded.source_host ELSE m.source_host END,
    url_expires_at = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN excluded.url_expires_at ELSE m.url_expires_at END,
    fate = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN 'waiting' ELSE m.fate END,
    fetch_url = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN NULL ELSE m.fetch_url END,
    fate_reason = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN NULL ELSE m.fate_reason END,
    fate_at = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN now() ELSE m.fate_at END,
    download_attempts = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN 0 ELSE m.download_attempts END,
    download_not_before = CASE WHEN m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE
      THEN NULL ELSE m.download_not_before END,
    -- The file that was rejected, should it still be there, must not answer for the fresh URL.
    local_file_path = CASE WHEN (m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
        AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE)
      AND m.fate = 'rejected' THEN NULL ELSE m.local_file_path END,
    role = CASE WHEN coalesce(array_position($14::text[], excluded.role) < array_position($14::text[], m.role), m.role IS NULL) THEN excluded.role ELSE m.role END,
    -- NOT IN hashes the row's pointers. Comparing every pair would take seconds for a post with thousands.
    json_pointers = coalesce(m.json_pointers, '{}') || ARRAY(SELECT pointer
      FROM unnest(excluded.json_pointers) pointer
      WHERE pointer NOT IN (SELECT unnest(coalesce(m.json_pointers, '{}')))),
    posted_at = coalesce(m.posted_at, excluded.posted_at),
    alt_text = coalesce(m.alt_text, excluded.alt_text),
    attested_algorithm = CASE WHEN m.attested_value IS NULL THEN excluded.attested_algorithm ELSE m.attested_algorithm END,
    attested_value = coalesce(m.attested_value, excluded.attested_value),
    -- Bytes that were stored before the source stated a digest are compared now.
    attested_matches = CASE WHEN m.attested_value IS NULL AND m.fate = 'fetched'
      THEN excluded.attested_value = CASE excluded.attested_algorithm WHEN 'sha256' THEN m.sha256_sum ELSE m.md5_sum END
      ELSE m.attested_matches END,
    updated_at = now()
  WHERE (m.fate <> 'fetched' AND m.judged_at IS NULL AND m.media_url <> excluded.media_url
      AND excluded.fate = 'waiting' AND (excluded.url_expires_at >= m.url_expires_at) IS NOT FALSE)
    OR coalesce(array_position($14::text[], excluded.role) < array_position($14::text[], m.role), m.role IS NULL) OR
    (m.alt_text IS NULL AND excluded.alt_text IS NOT NULL) OR
    (m.attested_value IS NULL AND excluded.attested_value IS NOT NULL) OR
    m.json_pointers IS DISTINCT FROM excluded.json_pointers
    AND EXISTS (SELECT pointer FROM unnest(excluded.json_pointers) pointer
      WHERE pointer NOT IN (SELECT unnest(coalesce(m.json_pointers, '{}'))))
  RETURNING m.media_id, m.post_id, m.xmax = 0 AS is_new, m.fate_at = now() AS has_fate),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT s.media_id, s.post_id, 'fate' AS what, old.fate AS old_status, 'waiting' AS new_status
      FROM stored s CROSS JOIN LATERAL (
        SELECT o.fate FROM public.post_media o WHERE o.media_id = s.media_id AND o.fate <> 'waiting' LIMIT 1) old
      WHERE s.has_fate AND NOT s.is_new) g) c GROUP BY c.part),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT 'found', 'items', $19::jsonb, jsonb_agg(jsonb_build_object('subject', 'media:' || i.media_id, 'post', i.post_id))
  FROM (SELECT s.media_id, s.post_id, (row_number() OVER () - 1) / 1000 AS part FROM stored s WHERE s.is_new) i
  GROUP BY i.part)
SELECT (count(*) FILTER (WHERE is_new))::integer AS inserted,
  (count(*) FILTER (WHERE has_fate AND NOT is_new))::integer AS refreshed
FROM stored`)
