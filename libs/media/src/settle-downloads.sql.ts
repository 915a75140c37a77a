// Generated from settle-downloads.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const lockContents = statement<
  [sha256s: readonly (string | null | undefined)[] | null | undefined],
  object
>(`
SELECT FROM mediakeep.contents c WHERE c.sha256_sum = ANY($1::text[]) ORDER BY c.sha256_sum FOR NO KEY UPDATE`)

/**
 * Does not compare the fate with "=": after a large import PostgreSQL's statistics show no waiting rows, and it would
 * read them all to find a few.
 */
export const updateDownloaded = statement<
  [ids: readonly (string | null | undefined)[] | null | undefined, tokens: readonly (string | null | undefined)[] | null | undefined, sha256s: readonly (string | null | undefined)[] | null | undefined, claimedMimeTypes: readonly (string | null | undefined)[] | null | undefined, lengthVerifieds: readonly (boolean | null | undefined)[] | null | undefined, hasFiles: readonly (boolean | null | undefined)[] | null | undefined, cacheId: string | null | undefined, actor: string | null | undefined],
  { media_id: string; fate: 'rejected' | 'fetched' }
>(`
WITH locked AS MATERIALIZED (
  SELECT q.media_id FROM public.post_media q
  WHERE (q.media_id, q.download_lease_token) IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
    AND q.fate IS NOT DISTINCT FROM 'waiting' ORDER BY q.media_id FOR UPDATE),
settled AS (
  UPDATE public.post_media q SET
    fate = CASE WHEN c.rejected_at IS NULL THEN 'fetched' ELSE 'rejected' END,
    fate_reason = CASE WHEN c.rejected_at IS NOT NULL THEN c.rejected_reason
      WHEN NOT d.length_verified THEN 'length unverified' END,
    fate_at = now(), updated_at = now(),
    fetched_at = CASE WHEN c.rejected_at IS NULL THEN now() ELSE q.fetched_at END,
    media_type = c.media_type, mime_type = c.mime_type,
    width = coalesce(c.width, q.width), height = coalesce(c.height, q.height),
    byte_size = c.byte_size, file_size = CASE WHEN c.byte_size <= 2147483647 THEN c.byte_size::int END,
    claimed_mime_type = coalesce(d.claimed_mime_type, q.claimed_mime_type),
    length_verified = coalesce(d.length_verified, q.length_verified),
    archive_url = coalesce(c.archive_url, q.archive_url),
    attested_matches = q.attested_value = CASE q.attested_algorithm WHEN 'sha256' THEN c.sha256_sum ELSE c.md5_sum END,
    ai_analysis_log = CASE WHEN c.rejected_at IS NULL
      THEN ((CASE
            WHEN jsonb_typeof(q.ai_analysis_log) <> 'array' THEN jsonb_build_array(q.ai_analysis_log)
            WHEN jsonb_array_length(q.ai_analysis_log) >= 99 THEN (SELECT jsonb_agg(kept.entry ORDER BY kept.n) FROM (
              SELECT e.entry, e.n FROM jsonb_array_elements(q.ai_analysis_log) WITH ORDINALITY e (entry, n)
              WHERE e.n <= 20 OR e.n > jsonb_array_length(q.ai_analysis_log) - 77
              UNION ALL
              SELECT jsonb_build_object('timestamp', last.entry -> 'timestamp', 'event', 'log_truncated',
                  'status', last.entry -> 'status', 'details',
                  jsonb_build_object('dropped', jsonb_array_length(q.ai_analysis_log) - 77 - 20
                      + CASE WHEN q.ai_analysis_log -> 20 ->> 'event' = 'log_truncated'
                        THEN (q.ai_analysis_log -> 20 -> 'details' ->> 'dropped')::bigint - 1 ELSE 0 END)), 20 + 0.5
              FROM (SELECT q.ai_analysis_log -> (jsonb_array_length(q.ai_analysis_log) - 77 - 1) AS entry) last) kept)
            ELSE coalesce(q.ai_analysis_log, '[]') END) || jsonb_build_object(
                'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'event', 'media_downloaded',
                'status', coalesce(nullif(q.ai_analysis_status, 'pending'), 'not_started'),
                'details', jsonb_build_object('file_size', c.byte_size, 'mime_type', c.mime_type, 'md5_sum', c.md5_sum)
                  || CASE WHEN q.attested_value IS NULL THEN '{}' ELSE jsonb_build_object('attested', jsonb_build_object(
                    'algorithm', q.attested_algorithm, 'value', q.attested_value, 'matches', q.attested_value
                      = CASE q.attested_algorithm WHEN 'sha256' THEN c.sha256_sum ELSE c.md5_sum END)) END))
      ELSE q.ai_analysis_log END,
    download_attempts = q.download_attempts + 1, download_lease_token = NULL, download_lease_expires_at = NULL,
    download_deaths = 0, download_not_before = NULL
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::boolean[],
      $6::boolean[]) AS d (media_id, token, sha256, claimed_mime_type, length_verified, has_file)
  JOIN locked ON locked.media_id = d.media_id
  JOIN mediakeep.contents c ON c.sha256_sum = d.sha256
  WHERE q.media_id = d.media_id AND q.download_lease_token = d.token
  RETURNING q.media_id, q.post_id, q.fate, q.sha256_sum, d.has_file),
caches_in_use AS MATERIALIZED (
  SELECT k.cache_id FROM mediakeep.caches k
  WHERE k.last_seen_at > now() - make_interval(secs => coalesce(
      (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
      86400))),
-- Queues contents whose file this cache now has: for inspection if they were never inspected, otherwise for the
-- archive, even if they are waiting for another cache, which may be gone. The lease of a process whose cache is absent
-- does not count. A given-up upload is retried only when the bytes come from another cache. The file of a rejected
-- content also goes to inspection, which removes it.
queued AS (
  UPDATE mediakeep.contents c SET cache_id = $7::uuid, missing_from = array_remove(c.missing_from, $7::uuid),
    inspect_not_before = CASE WHEN c.inspected_at IS NULL THEN coalesce(c.inspect_not_before, now()) END,
    inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
    inspect_parked_at = CASE WHEN c.cache_id IS NOT DISTINCT FROM $7::uuid THEN c.inspect_parked_at END,
    inspect_parked_version = CASE WHEN c.cache_id IS NOT DISTINCT FROM $7::uuid THEN c.inspect_parked_version END,
    archive_not_before = CASE WHEN c.inspected_at IS NOT NULL THEN now() END,
    archive_lease_token = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_token END,
    archive_lease_expires_at = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_expires_at END,
    archive_attempts = 0, archive_error = NULL
  WHERE c.sha256_sum IN (SELECT settled.sha256_sum FROM settled
    WHERE settled.fate = 'fetched' OR settled.has_file) AND CASE
      WHEN c.inspected_at IS NULL AND c.rejected_at IS NOT NULL THEN true
      WHEN c.inspected_at IS NULL THEN c.cache_id IS NULL OR (c.cache_id IS DISTINCT FROM $7::uuid
        AND (c.inspect_lease_expires_at IS NULL OR c.inspect_lease_expires_at < now()
          OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id)))
      ELSE c.rejected_at IS NULL AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
        AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now()
          OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id))
        AND (c.cache_id IS DISTINCT FROM $7::uuid OR (c.archive_not_before IS NULL AND c.archive_error IS NULL)) END),
reported AS (
  INSERT INTO mediakeep.events (kind, changes)
  SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
  FROM (SELECT g.*, (row_number() OVER () - 1) / 1000 AS part
    FROM (SELECT s.media_id, s.post_id, 'fate' AS what, 'waiting' AS old_status,
        s.fate AS new_status FROM settled s) g) c GROUP BY c.part),
recorded AS (
  INSERT INTO mediakeep.custody_inbox (kind, subject, actor, items)
  SELECT i.fate, 'items', $8::jsonb, jsonb_agg(jsonb_build_object('subject', 'media:' || i.media_id, 'sha256', i.sha256_sum))
  FROM (SELECT s.media_id, s.sha256_sum, s.fate, (row_number() OVER (PARTITION BY s.fate) - 1) / 1000 AS part
    FROM settled s) i GROUP BY i.fate, i.part)
SELECT settled.media_id, settled.fate FROM settled`)
