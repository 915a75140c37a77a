-- Custody entries about many files: the chain holds a Merkle root over the items, which stand beside it.

ALTER TABLE mediakeep.custody_inbox ADD COLUMN items jsonb;
ALTER TABLE mediakeep.custody_inbox ALTER COLUMN details SET DEFAULT '{}';
ALTER TABLE mediakeep.custody_inbox ALTER COLUMN private SET DEFAULT '{}';
ALTER TABLE mediakeep.custody_inbox ADD CONSTRAINT custody_inbox_items_check
  CHECK (items IS NULL OR jsonb_typeof(items) = 'array' AND subject = 'items') NOT VALID;
COMMENT ON COLUMN mediakeep.custody_inbox.items IS 'Objects with a subject each. Like details, they can never be erased: random ids, digests of bytes, numbers and codes only';

CREATE TABLE mediakeep.custody_items (
  number bigint NOT NULL,
  position integer NOT NULL,
  subject text NOT NULL,
  item text NOT NULL,
  CONSTRAINT custody_items_pkey PRIMARY KEY (number, position)
);
COMMENT ON TABLE mediakeep.custody_items IS 'Items of entries that report the same of many files; the entry holds their number and the Merkle root over them; append-only';
COMMENT ON COLUMN mediakeep.custody_items.item IS 'Canonical JSON (RFC 8785): the text that was hashed';
CREATE INDEX custody_items_subject_idx ON mediakeep.custody_items (subject, number);
CREATE TRIGGER custody_items_is_append_only BEFORE UPDATE OR DELETE ON mediakeep.custody_items
  FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change();
CREATE TRIGGER custody_items_is_not_truncated BEFORE TRUNCATE ON mediakeep.custody_items
  FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change();
