-- The event log. Writers append what a statement changed, as part of that statement; a sequencer numbers what is
-- committed. Identities become visible out of order, numbers never do: the number is what readers go by.

CREATE TABLE mediakeep.events (
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  number bigint,
  kind text NOT NULL,
  changes jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT events_pkey PRIMARY KEY (event_id),
  CONSTRAINT events_number_key UNIQUE (number),
  CONSTRAINT events_kind_check CHECK (kind IN ('media', 'import')),
  CONSTRAINT events_changes_check CHECK (jsonb_typeof(changes) = 'array')
);
COMMENT ON TABLE mediakeep.events IS 'What changed, one row per statement that changed it; subscriptions are served from here';
COMMENT ON COLUMN mediakeep.events.number IS 'Its place in the order that all readers see; null until the sequencer has seen it committed';
CREATE INDEX events_unnumbered_idx ON mediakeep.events (event_id) WHERE number IS NULL;

-- One row. Its lock makes one sequencer at a time; its numbers outlive the events that are pruned.
CREATE TABLE mediakeep.event_log (
  only_row boolean NOT NULL DEFAULT true,
  last_number bigint NOT NULL DEFAULT 0,
  pruned_number bigint NOT NULL DEFAULT 0,
  CONSTRAINT event_log_pkey PRIMARY KEY (only_row),
  CONSTRAINT event_log_only_row_check CHECK (only_row),
  CONSTRAINT event_log_pruned_number_check CHECK (pruned_number <= last_number)
);
COMMENT ON TABLE mediakeep.event_log IS 'How far events are numbered, and up to which number they are pruned';
INSERT INTO mediakeep.event_log DEFAULT VALUES;
