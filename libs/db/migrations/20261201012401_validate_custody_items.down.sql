-- PostgreSQL cannot mark a validated constraint NOT VALID: it is created again, without reading the table.
ALTER TABLE mediakeep.custody_inbox
  DROP CONSTRAINT custody_inbox_items_check,
  ADD CONSTRAINT custody_inbox_items_check
    CHECK (items IS NULL OR jsonb_typeof(items) = 'array' AND subject = 'items') NOT VALID;
