-- The analysis queue: one row for each content, analyser and version of it. What rows of post_media say about their
-- analysis is a projection of these.

-- Which analysers are configured; those that work and those that serve write it when they start.
CREATE SEQUENCE mediakeep.analysis_generation AS bigint;
COMMENT ON SEQUENCE mediakeep.analysis_generation IS 'Numbers the sets of analysers that were ever configured';

CREATE TABLE mediakeep.analysers (
  name text NOT NULL,
  version text NOT NULL,
  media_types text[] NOT NULL,
  generation bigint NOT NULL,
  configured_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT analysers_pkey PRIMARY KEY (name),
  CONSTRAINT analysers_media_types_check CHECK (media_types <@ ARRAY['image', 'video', 'document'] AND media_types <> '{}')
);
COMMENT ON TABLE mediakeep.analysers IS 'The configured analysers: a content is completed when each that takes its type has succeeded';
COMMENT ON COLUMN mediakeep.analysers.generation IS 'The number of this set; contents planned under an earlier one are looked at again';

-- Ids and places in the queue, in one order.
CREATE SEQUENCE mediakeep.analysis_numbers AS bigint;

CREATE TABLE mediakeep.analyses (
  sha256_sum text NOT NULL,
  analyser text NOT NULL,
  analyser_version text NOT NULL,
  analysis_id text NOT NULL DEFAULT ('an-' || lpad(to_hex(nextval('mediakeep.analysis_numbers')), 12, '0')),
  media_type text NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  priority smallint NOT NULL DEFAULT 0,
  place bigint NOT NULL DEFAULT nextval('mediakeep.analysis_numbers'),
  analysis_attempts integer NOT NULL DEFAULT 0,
  analysis_not_before timestamptz,
  analysis_lease_token uuid,
  analysis_lease_expires_at timestamptz,
  worker text,
  result jsonb,
  earlier_results jsonb,
  error text,
  model text,
  tokens_used bigint,
  cost_usd double precision,
  duration_ms bigint,
  search_text text,
  perceptual_hash bigint,
  thumbhash text,
  dominant_color text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT analyses_pkey PRIMARY KEY (sha256_sum, analyser, analyser_version),
  CONSTRAINT analyses_analysis_id_key UNIQUE (analysis_id),
  CONSTRAINT analyses_sha256_sum_fkey FOREIGN KEY (sha256_sum)
    REFERENCES mediakeep.contents (sha256_sum) ON DELETE CASCADE,
  CONSTRAINT analyses_state_check CHECK (state IN ('pending', 'completed', 'failed')),
  CONSTRAINT analyses_media_type_check CHECK (media_type IN ('image', 'video', 'document')),
  CONSTRAINT analyses_priority_check CHECK (priority BETWEEN 0 AND 9)
) WITH (fillfactor = 50);
COMMENT ON TABLE mediakeep.analyses IS 'Analyses by content, analyser and version: the queue, its leases, the results';
COMMENT ON COLUMN mediakeep.analyses.state IS 'pending (leased while it bears a token), completed, failed (attempts have ended)';
COMMENT ON COLUMN mediakeep.analyses.place IS 'Oldest first: where it stands in the queue';
COMMENT ON COLUMN mediakeep.analyses.analysis_not_before IS 'Set when it came back (retry, expired lease, given back): when it may be claimed again';
COMMENT ON COLUMN mediakeep.analyses.result IS 'The last that succeeded; it stays while the analysis is asked for again';
COMMENT ON COLUMN mediakeep.analyses.earlier_results IS 'Results that a later one replaced, oldest first; the last few';
COMMENT ON COLUMN mediakeep.analyses.perceptual_hash IS '64 bits; near-duplicates differ in few of them';

-- No index speaks of leases, and the pages have room: a claim and a prolonged lease write no index (HOT). Expired
-- leases are found by the rows of post_media that are started.
-- What nobody has tried yet, oldest first and by priority, of any media type or of one.
CREATE INDEX analyses_queue_idx ON mediakeep.analyses (analyser, analyser_version, place)
  WHERE state = 'pending' AND analysis_not_before IS NULL;
CREATE INDEX analyses_type_queue_idx ON mediakeep.analyses (analyser, analyser_version, media_type, place)
  WHERE state = 'pending' AND analysis_not_before IS NULL;
CREATE INDEX analyses_priority_queue_idx ON mediakeep.analyses (analyser, analyser_version, priority, place)
  WHERE state = 'pending' AND analysis_not_before IS NULL;
CREATE INDEX analyses_type_priority_queue_idx ON mediakeep.analyses (analyser, analyser_version, media_type, priority, place)
  WHERE state = 'pending' AND analysis_not_before IS NULL;
-- What came back, by when it is due.
CREATE INDEX analyses_due_idx ON mediakeep.analyses (analyser, analyser_version, analysis_not_before)
  WHERE state = 'pending' AND analysis_not_before IS NOT NULL;
CREATE INDEX analyses_failed_idx ON mediakeep.analyses (analyser, finished_at)
  WHERE state = 'failed';

CREATE INDEX analyses_search_idx ON mediakeep.analyses USING gin (to_tsvector('simple', search_text))
  WHERE search_text IS NOT NULL;
-- Four bands of 16 bits, told apart by bits 16 and 17: two hashes at most 11 bits apart agree in one to within 2.
CREATE INDEX analyses_perceptual_hash_idx ON mediakeep.analyses USING gin ((ARRAY[
    (perceptual_hash & 65535)::integer,
    ((perceptual_hash >> 16) & 65535)::integer | 65536,
    ((perceptual_hash >> 32) & 65535)::integer | 131072,
    ((perceptual_hash >> 48) & 65535)::integer | 196608]))
  WHERE perceptual_hash IS NOT NULL;

-- What analysers used, by day of UTC: budgets are held against it.
CREATE TABLE mediakeep.analysis_usage (
  analyser text NOT NULL,
  day date NOT NULL,
  tokens_used bigint NOT NULL DEFAULT 0,
  cost_usd double precision NOT NULL DEFAULT 0,
  CONSTRAINT analysis_usage_pkey PRIMARY KEY (analyser, day)
);
COMMENT ON TABLE mediakeep.analysis_usage IS 'Tokens and money that analyses used, failed attempts included, by day of UTC';

CREATE TABLE mediakeep.counters (
  name text NOT NULL,
  value bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT counters_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE mediakeep.counters IS 'What operators should see and no row tells: refused late hand-ins';

-- Contents whose analyses were planned under an earlier set of analysers, or never (0).
ALTER TABLE mediakeep.contents ADD COLUMN analysis_generation bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN mediakeep.contents.analysis_generation IS 'The set of analysers that its analyses were last planned for';
-- The table is locked already, by its new column.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX contents_analysis_plan_idx ON mediakeep.contents (analysis_generation, created_at, sha256_sum)
  WHERE inspected_at IS NOT NULL AND rejected_at IS NULL;
