// $1: names of schemas; $2: names of tables with their schemas, or null for all.

const RELATIONS = `
  SELECT c.oid, n.nspname AS schema, n.nspname || '.' || c.relname AS "table", c.relkind, c.relpersistence, c.reloptions
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY ($1::text[])
    AND ($2::text[] IS NULL OR n.nspname || '.' || c.relname = ANY ($2))
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`

export const TABLES = `
  SELECT r."table", r.relkind::text AS kind, r.relpersistence = 'u' AS "isUnlogged", r.reloptions AS options,
    obj_description(r.oid, 'pg_class') AS comment
  FROM (${RELATIONS}) r ORDER BY 1`

/** PostgreSQL 18 knows not-null constraints that are not validated; older ones have no such rows. */
export const COLUMNS = `
  SELECT r."table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "isRequired",
    EXISTS (SELECT FROM pg_constraint n WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND NOT n.convalidated
      AND n.conkey = ARRAY[a.attnum]) AS "isUnchecked",
    pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated::text AS generated, a.attidentity::text AS identity,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
    col_description(a.attrelid, a.attnum) AS comment
  FROM (${RELATIONS}) r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  ORDER BY r."table", a.attnum`

/** A foreign key lives in triggers, a key in an index: without them it stands there and holds nothing. */
export const CONSTRAINTS = `
  SELECT r."table", k.conname AS name, k.contype::text AS kind, pg_get_constraintdef(k.oid) AS definition,
    obj_description(k.oid, 'pg_constraint') AS comment,
    CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled NOT IN ('O', 'A'))
      THEN 'its triggers are disabled'
    WHEN k.contype IN ('p', 'u', 'x') AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid
      AND NOT (i.indisvalid AND i.indisready AND i.indislive)) THEN 'its index is not valid' END AS fault
  FROM (${RELATIONS}) r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype NOT IN ('n', 't')
  ORDER BY r."table", k.conname`

export const INDEXES = `
  SELECT r."table", r.schema, c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition,
    i.indisvalid AND i.indisready AND i.indislive AS "isValid", obj_description(c.oid, 'pg_class') AS comment
  FROM (${RELATIONS}) r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
  WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY r."table", c.relname`

export const TRIGGERS = `
  SELECT r."table", t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled::text AS enabled,
    obj_description(t.oid, 'pg_trigger') AS comment
  FROM (${RELATIONS}) r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
  ORDER BY r."table", t.tgname`

export const SCHEMAS = `
  SELECT nspname AS name, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace
  WHERE nspname = ANY ($1::text[]) ORDER BY 1`

export const FUNCTIONS = `
  SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
    CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) END AS definition,
    obj_description(p.oid, 'pg_proc') AS comment
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
  ORDER BY 1`

export const SEQUENCES = `
  SELECT n.nspname || '.' || c.relname AS name, format_type(s.seqtypid, NULL) AS type, s.seqstart AS start,
    s.seqincrement AS increment, s.seqmin AS minimum, s.seqmax::text AS maximum, s.seqcache AS cache, s.seqcycle AS "isCycle",
    obj_description(c.oid, 'pg_class') AS comment,
    (SELECT tn.nspname || '.' || t.relname || '.' || a.attname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
     JOIN pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')) AS owner
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY ($1::text[]) ORDER BY 1`

/** What a contract cannot say; whoever writes one is told. */
export const UNSAYABLE = `
  SELECT kind || ' ' || n.nspname || '.' || o.name AS name FROM (
    SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END AS kind, t.typnamespace AS schema, t.typname AS name
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
    UNION ALL SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
        ELSE 'partition' END, relnamespace, relname FROM pg_class WHERE relkind IN ('v', 'm', 'f') OR relispartition AND relkind = 'r'
    UNION ALL SELECT 'policy', c.relnamespace, c.relname || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    UNION ALL SELECT 'rule', c.relnamespace, c.relname || '.' || w.rulename FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
      WHERE c.relkind = 'r'
    UNION ALL SELECT 'statistics', stxnamespace, stxname FROM pg_statistic_ext) o
  JOIN pg_namespace n ON n.oid = o.schema WHERE n.nspname = ANY ($1::text[]) ORDER BY 1`
