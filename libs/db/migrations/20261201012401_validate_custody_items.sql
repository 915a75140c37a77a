-- In its own transaction, so that writers go on while the rows are read.
ALTER TABLE mediakeep.custody_inbox VALIDATE CONSTRAINT custody_inbox_items_check;
