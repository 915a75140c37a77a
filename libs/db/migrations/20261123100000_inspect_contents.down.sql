DROP INDEX mediakeep.contents_inspect_queue_idx;
ALTER TABLE mediakeep.contents
  DROP COLUMN inspect_error,
  DROP COLUMN inspect_lease_expires_at,
  DROP COLUMN inspect_lease_token,
  DROP COLUMN inspect_not_before,
  DROP COLUMN inspect_attempts,
  DROP COLUMN inspected_at;
