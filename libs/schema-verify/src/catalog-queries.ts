// $1: schema names; $2: table names with their schemas, or null for all.

const RELATIONS = `
  SELECT c.*, n.nspname AS schema, n.nspname || '.' || c.relname AS "table"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY ($1::text[])
    AND ($2::text[] IS NULL OR n.nspname || '.' || c.relname = ANY ($2))
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`

export const TABLES = `
  SELECT r."table", r.relkind::text AS kind, r.relpersistence = 'u' AS "isUnlogged", r.reloptions AS options,
    obj_description(r.oid, 'pg_class') AS comment,
    CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END AS query,
    CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END AS "partitionBy",
    CASE WHEN r.relispartition THEN (SELECT pn.nspname || '.' || p.relname FROM pg_inherits i
      JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = r.oid)
      || ' ' || pg_get_expr(r.relpartbound, r.oid) END AS "partitionOf",
    r.relrowsecurity AS "hasRowSecurity", r.relforcerowsecurity AS "isRowSecurityForced",
    CASE r.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN 'i' THEN 'using index ' || coalesce(
      (SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid = r.oid AND i.indisreplident), '(dropped)') ELSE 'default' END AS "replicaIdentity"
  FROM (${RELATIONS}) r ORDER BY 1`

/** PostgreSQL 18 supports not-null constraints that are not validated; older versions have no such rows. */
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

/**
 * A foreign key works through triggers and a key through an index; without them it enforces nothing. Constraints that
 * a partition inherits follow its parent and are read there.
 */
export const CONSTRAINTS = `
  SELECT r."table", k.conname AS name, k.contype::text AS kind, pg_get_constraintdef(k.oid) AS definition,
    obj_description(k.oid, 'pg_constraint') AS comment,
    CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled NOT IN ('O', 'A'))
      THEN 'its triggers are disabled'
    WHEN k.contype IN ('p', 'u', 'x') AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid
      AND NOT (i.indisvalid AND i.indisready AND i.indislive)) THEN 'its index is not valid' END AS fault
  FROM (${RELATIONS}) r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype NOT IN ('n', 't')
    AND k.conparentid = 0 AND (k.coninhcount = 0 OR k.conislocal)
  ORDER BY r."table", k.conname`

export const INDEXES = `
  SELECT r."table", r.schema, c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition,
    i.indisvalid AND i.indisready AND i.indislive AS "isValid", obj_description(c.oid, 'pg_class') AS comment
  FROM (${RELATIONS}) r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
  WHERE NOT c.relispartition
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY r."table", c.relname`

export const TRIGGERS = `
  SELECT r."table", t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled::text AS enabled,
    obj_description(t.oid, 'pg_trigger') AS comment
  FROM (${RELATIONS}) r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal AND t.tgparentid = 0
  ORDER BY r."table", t.tgname`

export const POLICIES = `
  SELECT r."table", p.polname AS name, obj_description(p.oid, 'pg_policy') AS comment,
    'AS ' || CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END || ' FOR '
    || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
    || ' TO ' || (SELECT string_agg(CASE u WHEN 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(u)) END, ', '
      ORDER BY pg_get_userbyid(u) COLLATE "C") FROM unnest(p.polroles) u)
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
  FROM (${RELATIONS}) r JOIN pg_policy p ON p.polrelid = r.oid ORDER BY r."table", p.polname`

export const RULES = `
  SELECT r."table", w.rulename AS name, pg_get_ruledef(w.oid) AS definition, w.ev_enabled::text AS enabled,
    obj_description(w.oid, 'pg_rewrite') AS comment
  FROM (${RELATIONS}) r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'
  ORDER BY r."table", w.rulename`

export const STATISTICS = `
  SELECT r."table", n.nspname || '.' || e.stxname AS name, obj_description(e.oid, 'pg_statistic_ext') AS comment,
    substr(pg_get_statisticsobjdef(e.oid),
      length('CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(e.stxname)) + 2) AS definition
  FROM (${RELATIONS}) r JOIN pg_statistic_ext e ON e.stxrelid = r.oid JOIN pg_namespace n ON n.oid = e.stxnamespace
  ORDER BY r."table", 2`
