-- Nothing to undo: a validated constraint is dropped with its column.
SELECT 1;
