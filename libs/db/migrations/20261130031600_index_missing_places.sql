-- no-transaction
-- Concurrently: contents may hold millions of rows that others read and write.

-- The upload queue, and what each cache alone may hold. It replaces contents_archive_queue_idx.
CREATE INDEX CONCURRENTLY IF NOT EXISTS contents_unarchived_idx ON mediakeep.contents (cache_id, archive_not_before)
  WHERE archive_url IS NULL OR archive_missing_since IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS mediakeep.contents_archive_queue_idx;
-- What is looked for again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS contents_missing_idx ON mediakeep.contents (sha256_sum)
  WHERE archive_missing_since IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contents_missing_from_idx ON mediakeep.contents USING gin (missing_from)
  WHERE missing_from <> '{}';
