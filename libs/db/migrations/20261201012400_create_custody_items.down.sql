-- Only an empty table of items can be removed: see `stays` of the database module.
DROP TABLE mediakeep.custody_items;
ALTER TABLE mediakeep.custody_inbox DROP CONSTRAINT custody_inbox_items_check;
ALTER TABLE mediakeep.custody_inbox ALTER COLUMN private DROP DEFAULT;
ALTER TABLE mediakeep.custody_inbox ALTER COLUMN details DROP DEFAULT;
ALTER TABLE mediakeep.custody_inbox DROP COLUMN items;
