-- A copy that cannot be seen now keeps its last known place: absence is a state that ends when the copy is seen again.

ALTER TABLE mediakeep.contents
  ADD COLUMN archive_missing_since timestamptz,
  ADD COLUMN missing_from uuid[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN mediakeep.contents.archive_missing_since IS 'Since when the archive has not shown a whole object at archive_url; null: it is there';
COMMENT ON COLUMN mediakeep.contents.missing_from IS 'Caches that were asked for the file and did not have it, since it was last archived';

-- Which caches exist, and when each was last in use: the work that only an absent cache could do goes back to the source.
CREATE TABLE mediakeep.caches (
  cache_id uuid NOT NULL,
  host text,
  folder text,
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  files bigint,
  bytes bigint,
  counted_at timestamptz,
  CONSTRAINT caches_pkey PRIMARY KEY (cache_id)
);
COMMENT ON TABLE mediakeep.caches IS 'Caches: the machine of each, when it was last in use, and what it held then';
COMMENT ON COLUMN mediakeep.caches.counted_at IS 'When files and bytes were counted';

-- Caches that were in use before this table existed get their full time to report.
INSERT INTO mediakeep.caches (cache_id)
  SELECT DISTINCT cache_id FROM mediakeep.contents WHERE cache_id IS NOT NULL;
