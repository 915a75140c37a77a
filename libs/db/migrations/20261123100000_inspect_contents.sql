-- Decoding is a stage of its own, once for each content. Contents without inspected_at are its queue, until the
-- cache that holds their file (cache_id) has inspected them, or has removed what was rejected.

ALTER TABLE mediakeep.contents
  ADD COLUMN inspected_at timestamptz,
  ADD COLUMN inspect_attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN inspect_not_before timestamptz,
  ADD COLUMN inspect_lease_token uuid,
  ADD COLUMN inspect_lease_expires_at timestamptz,
  ADD COLUMN inspect_error text;

COMMENT ON COLUMN mediakeep.contents.inspected_at IS 'When the bytes were decoded whole, and the facts known; null: not yet, or rejected';
COMMENT ON COLUMN mediakeep.contents.inspect_error IS 'How the last inspection failed that is to be tried again';

-- Until now every content was decoded before it got its row.
UPDATE mediakeep.contents SET inspected_at = created_at;

-- The table is locked already, by its new columns.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX contents_inspect_queue_idx ON mediakeep.contents (cache_id, inspect_not_before)
  WHERE inspected_at IS NULL AND cache_id IS NOT NULL;
