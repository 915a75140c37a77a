-- The custody log: what happened to each file, as entries that are chained by hashes and never changed or removed.

CREATE FUNCTION mediakeep.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'mediakeep.% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Entries are never changed or removed. Personal data is erased in mediakeep.custody_values.';
END $$;
COMMENT ON FUNCTION mediakeep.refuse_change() IS 'Trigger of append-only tables';

CREATE TABLE mediakeep.custody_inbox (
  entry_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL,
  subject text NOT NULL,
  actor jsonb NOT NULL,
  details jsonb NOT NULL,
  private jsonb NOT NULL,
  CONSTRAINT custody_inbox_pkey PRIMARY KEY (entry_id),
  CONSTRAINT custody_inbox_kind_check CHECK (kind ~ '^[a-z_]+$'),
  CONSTRAINT custody_inbox_objects_check CHECK (jsonb_typeof(actor) = 'object' AND jsonb_typeof(details) = 'object'
    AND jsonb_typeof(private) = 'object')
);
COMMENT ON TABLE mediakeep.custody_inbox IS 'Entries that writers appended in their own transactions; the sequencer moves them into mediakeep.custody';
COMMENT ON COLUMN mediakeep.custody_inbox.details IS 'Goes into the chain and can never be erased: random ids, digests of bytes, numbers and codes only';
COMMENT ON COLUMN mediakeep.custody_inbox.private IS 'Texts by name, which the chain only commits to: they are kept in mediakeep.custody_values and can be erased';

CREATE TABLE mediakeep.custody (
  number bigint NOT NULL,
  payload text NOT NULL,
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  kind text NOT NULL GENERATED ALWAYS AS (payload::jsonb ->> 'kind') STORED,
  subject text NOT NULL GENERATED ALWAYS AS (payload::jsonb ->> 'subject') STORED,
  CONSTRAINT custody_pkey PRIMARY KEY (number)
) PARTITION BY RANGE (number);
COMMENT ON TABLE mediakeep.custody IS 'The custody log, numbered without gaps; append-only, and never pruned';
COMMENT ON COLUMN mediakeep.custody.payload IS 'The entry as canonical JSON (RFC 8785): the text that was hashed';
COMMENT ON COLUMN mediakeep.custody.prev_hash IS 'Hash of the entry before; zeros for the first';
COMMENT ON COLUMN mediakeep.custody.hash IS 'SHA-256 over purpose, prev_hash and payload';
CREATE INDEX custody_subject_idx ON mediakeep.custody (subject, number);
CREATE TRIGGER custody_is_append_only BEFORE UPDATE OR DELETE ON mediakeep.custody
  FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change();
CREATE TRIGGER custody_is_not_truncated BEFORE TRUNCATE ON mediakeep.custody
  FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change();

CREATE TABLE mediakeep.custody_head (
  is_only boolean NOT NULL DEFAULT true,
  last_number bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT custody_head_pkey PRIMARY KEY (is_only),
  CONSTRAINT custody_head_is_only_check CHECK (is_only)
);
COMMENT ON TABLE mediakeep.custody_head IS 'The last entry, in one row, which the sequencer locks';
INSERT INTO mediakeep.custody_head (last_number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION mediakeep.custody_partition(for_number bigint) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  size constant bigint := 5000000;
  place constant bigint := for_number / size;
  name constant text := 'custody_' || place;
BEGIN
  IF to_regclass('mediakeep.' || name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE mediakeep.%I PARTITION OF mediakeep.custody FOR VALUES FROM (%s) TO (%s)',
    name, place * size, (place + 1) * size);
  EXECUTE format('CREATE TRIGGER custody_is_not_truncated BEFORE TRUNCATE ON mediakeep.%I '
    'FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()', name);
EXCEPTION WHEN duplicate_table THEN
  -- Another process created it at the same time.
  NULL;
END $$;
COMMENT ON FUNCTION mediakeep.custody_partition(bigint) IS 'Creates the partition of the custody log for this number if it is missing';
SELECT mediakeep.custody_partition(1);

CREATE TABLE mediakeep.custody_values (
  number bigint NOT NULL,
  name text NOT NULL,
  salt bytea NOT NULL,
  value text NOT NULL,
  CONSTRAINT custody_values_pkey PRIMARY KEY (number, name)
);
COMMENT ON TABLE mediakeep.custody_values IS 'Texts that entries commit to. Erasing a row leaves the chain valid and the commitment meaningless';

CREATE TABLE mediakeep.custody_keys (
  place integer GENERATED ALWAYS AS IDENTITY,
  fingerprint text NOT NULL,
  public_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT custody_keys_pkey PRIMARY KEY (place),
  CONSTRAINT custody_keys_fingerprint_key UNIQUE (fingerprint)
);
COMMENT ON TABLE mediakeep.custody_keys IS 'Public halves of the keys that signed checkpoints, in their order; the last one signs';
COMMENT ON COLUMN mediakeep.custody_keys.public_key IS 'Ed25519, SubjectPublicKeyInfo';
COMMENT ON COLUMN mediakeep.custody_keys.fingerprint IS 'SHA-256 of public_key';
CREATE TRIGGER custody_keys_is_append_only BEFORE UPDATE OR DELETE ON mediakeep.custody_keys
  FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change();
CREATE TRIGGER custody_keys_is_not_truncated BEFORE TRUNCATE ON mediakeep.custody_keys
  FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change();

CREATE TABLE mediakeep.custody_checkpoints (
  count bigint NOT NULL,
  body text NOT NULL,
  signature bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT custody_checkpoints_pkey PRIMARY KEY (count)
);
COMMENT ON TABLE mediakeep.custody_checkpoints IS 'Signed states of the custody log, each of which names the one before';
COMMENT ON COLUMN mediakeep.custody_checkpoints.count IS 'Number of entries that it covers';
COMMENT ON COLUMN mediakeep.custody_checkpoints.body IS 'Canonical JSON (RFC 8785): the text that was signed';
CREATE TRIGGER custody_checkpoints_is_append_only BEFORE UPDATE OR DELETE ON mediakeep.custody_checkpoints
  FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change();
CREATE TRIGGER custody_checkpoints_is_not_truncated BEFORE TRUNCATE ON mediakeep.custody_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change();
