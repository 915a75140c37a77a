-- Only an empty log can be removed: see `stays` of the database module.
DROP TABLE mediakeep.custody_checkpoints;
DROP TABLE mediakeep.custody_keys;
DROP TABLE mediakeep.custody_values;
DROP TABLE mediakeep.custody;
DROP TABLE mediakeep.custody_head;
DROP TABLE mediakeep.custody_inbox;
DROP FUNCTION mediakeep.custody_partition(bigint);
DROP FUNCTION mediakeep.refuse_change();
