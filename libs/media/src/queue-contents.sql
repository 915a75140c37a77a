-- @name updateQueued
-- Queues a content whose file this cache now has: for inspection if it was never inspected, otherwise for the
-- archive, even if it is waiting for another cache, which may be gone. The lease of a process whose cache is absent
-- does not count. A given-up upload is retried only when the bytes come from another cache. The file of a rejected
-- content also goes to inspection, which removes it.
-- @params sha256 cacheId
WITH caches_in_use AS MATERIALIZED (
  SELECT k.cache_id FROM mediakeep.caches k
  WHERE k.last_seen_at > now() - make_interval(secs => coalesce(
      (SELECT (s.value #>> '{}')::float8 FROM mediakeep.settings s WHERE s.name = 'cache_absent_after_seconds'),
      86400)))
UPDATE mediakeep.contents c SET cache_id = $2::uuid, missing_from = array_remove(c.missing_from, $2::uuid),
  inspect_not_before = CASE WHEN c.inspected_at IS NULL THEN coalesce(c.inspect_not_before, now()) END,
  inspect_lease_token = NULL, inspect_lease_expires_at = NULL,
  inspect_parked_at = CASE WHEN c.cache_id IS NOT DISTINCT FROM $2::uuid THEN c.inspect_parked_at END,
  inspect_parked_version = CASE WHEN c.cache_id IS NOT DISTINCT FROM $2::uuid THEN c.inspect_parked_version END,
  archive_not_before = CASE WHEN c.inspected_at IS NOT NULL THEN now() END,
  archive_lease_token = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_token END,
  archive_lease_expires_at = CASE WHEN c.inspected_at IS NULL THEN c.archive_lease_expires_at END,
  archive_attempts = 0, archive_error = NULL
WHERE c.sha256_sum = $1 AND CASE
    WHEN c.inspected_at IS NULL AND c.rejected_at IS NOT NULL THEN true
    WHEN c.inspected_at IS NULL THEN c.cache_id IS NULL OR (c.cache_id IS DISTINCT FROM $2::uuid
      AND (c.inspect_lease_expires_at IS NULL OR c.inspect_lease_expires_at < now()
        OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id)))
    ELSE c.rejected_at IS NULL AND (c.archive_url IS NULL OR c.archive_missing_since IS NOT NULL)
      AND (c.archive_lease_expires_at IS NULL OR c.archive_lease_expires_at < now()
        OR NOT EXISTS (SELECT FROM caches_in_use u WHERE u.cache_id = c.cache_id))
      AND (c.cache_id IS DISTINCT FROM $2::uuid OR (c.archive_not_before IS NULL AND c.archive_error IS NULL)) END;
