-- @name selectCacheCounts
-- @params limit
-- @notNull isAbsent
SELECT k.cache_id AS id, k.host, k.folder, k.last_seen_at AS "lastSeenAt", k.files, k.bytes,
  k.counted_at AS "countedAt",
  NOT (k.last_seen_at > now() - make_interval(secs => coalesce(
    (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
    86400))) AS "isAbsent"
FROM mediakeep.caches k ORDER BY k.last_seen_at DESC, k.cache_id LIMIT $1;

-- @name selectMediaGroups
-- @notNull status media archived retrying held stored bytes
SELECT m.fate,
  CASE WHEN m.ai_analysis_status IS NULL OR m.ai_analysis_status = 'pending' THEN 'not_started'
    ELSE m.ai_analysis_status END AS status,
  count(*) AS media,
  count(m.archive_url) FILTER (WHERE m.sha256_sum IS NULL OR m.sha256_sum NOT IN (
    SELECT c.sha256_sum FROM mediakeep.contents c WHERE c.archive_missing_since IS NOT NULL)) AS archived,
  count(*) FILTER (WHERE m.fate = 'failed' AND m.download_not_before IS NOT NULL) AS retrying,
  count(*) FILTER (WHERE m.download_lease_expires_at > now()) AS held,
  count(m.sha256_sum) AS stored,
  coalesce(sum(m.byte_size) FILTER (WHERE m.sha256_sum IS NOT NULL), 0)::bigint AS bytes,
  min(m.created_at) FILTER (WHERE m.fate = 'waiting') AS oldest
FROM public.post_media m GROUP BY 1, 2;

-- @name selectContentTotals
-- @notNull total bytes archived missing archivedBytes placeholdersSuspected rejected uninspected parked inspecting
-- @notNull waiting uploading givenUp
SELECT count(*) AS total, coalesce(sum(c.byte_size), 0)::bigint AS bytes,
  count(*) FILTER (WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL) AS archived,
  count(c.archive_missing_since) AS missing,
  coalesce(sum(c.byte_size) FILTER (WHERE c.archive_url IS NOT NULL AND c.archive_missing_since IS NULL), 0)::bigint
    AS "archivedBytes",
  count(c.placeholder_suspected_at) FILTER (WHERE c.rejected_at IS NULL) AS "placeholdersSuspected",
  count(c.rejected_at) AS rejected,
  count(*) FILTER (WHERE c.inspected_at IS NULL AND c.cache_id IS NOT NULL
    AND c.inspect_parked_at IS NULL) AS uninspected,
  count(c.inspect_parked_at) AS parked,
  count(*) FILTER (WHERE c.inspected_at IS NULL AND c.inspect_lease_expires_at > now()) AS inspecting,
  count(*) FILTER (WHERE (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
    AND c.archive_not_before IS NOT NULL) AS waiting,
  count(*) FILTER (WHERE (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
    AND c.archive_lease_expires_at > now()) AS uploading,
  count(*) FILTER (WHERE (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
    AND c.archive_not_before IS NULL AND c.archive_attempts > 0) AS "givenUp",
  min(c.created_at) FILTER (WHERE c.inspected_at IS NULL AND c.cache_id IS NOT NULL
    AND c.inspect_parked_at IS NULL) AS "oldestUninspected",
  min(c.created_at) FILTER (WHERE (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
    AND c.archive_not_before IS NOT NULL) AS "oldestWaiting"
FROM mediakeep.contents c;

-- @name selectUninspectedCount
-- @notNull media
SELECT count(*) AS media FROM mediakeep.contents c JOIN public.post_media m USING (sha256_sum)
WHERE c.inspected_at IS NULL AND c.cache_id IS NOT NULL AND m.fate = 'fetched';
