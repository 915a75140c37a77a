-- no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS contents_archive_queue_idx ON mediakeep.contents (cache_id, archive_not_before)
  WHERE archive_url IS NULL AND archive_not_before IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS mediakeep.contents_missing_from_idx;
DROP INDEX CONCURRENTLY IF EXISTS mediakeep.contents_missing_idx;
DROP INDEX CONCURRENTLY IF EXISTS mediakeep.contents_unarchived_idx;
