// $1: schema names.

export const SCHEMAS = `
  SELECT nspname AS name, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace
  WHERE nspname = ANY ($1::text[]) ORDER BY 1`

/** Excludes functions of extensions and constructors of range types. */
export const FUNCTIONS = `
  SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
    CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) END AS definition,
    obj_description(p.oid, 'pg_proc') AS comment
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
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

/** Excludes types of extensions. */
const TYPES_OF_OURS = `
  SELECT t.*, n.nspname || '.' || t.typname AS name, obj_description(t.oid, 'pg_type') AS comment
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')`

export const ENUMS = `
  SELECT t.name, t.comment,
    ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS values
  FROM (${TYPES_OF_OURS}) t WHERE t.typtype = 'e' ORDER BY 1`

export const DOMAINS = `
  SELECT t.name, t.comment, format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS "isRequired",
    pg_get_expr(t.typdefaultbin, 0) AS expression,
    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS collation,
    (SELECT coalesce(jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{}') FROM pg_constraint k
     WHERE k.contypid = t.oid AND k.contype = 'c') AS constraints
  FROM (${TYPES_OF_OURS}) t JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd' ORDER BY 1`

export const OTHER_TYPES = `
  SELECT t.name, t.comment, CASE t.typtype
    WHEN 'r' THEN (SELECT 'RANGE (subtype = ' || format_type(g.rngsubtype, NULL) || ')' FROM pg_range g WHERE g.rngtypid = t.oid)
    ELSE '(' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', '
      ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
    END AS definition
  FROM (${TYPES_OF_OURS}) t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typtype = 'r' OR t.typtype = 'c' AND c.relkind = 'c' ORDER BY 1`

/** The default version is the one this server would install. plpgsql is in every database, so it is excluded. */
export const EXTENSIONS = `
  SELECT e.extname AS name, e.extversion AS definition, NULL AS comment,
    (SELECT a.default_version FROM pg_available_extensions a WHERE a.name = e.extname) AS "defaultVersion"
  FROM pg_extension e WHERE e.extname <> 'plpgsql' AND $1::text[] IS NOT NULL ORDER BY 1`

/**
 * Owners, and grants that differ from PostgreSQL's defaults. Omits two of the owner's own rights: MAINTAIN depends on
 * the server's version, and rights on columns add nothing.
 */
export const ACCESS = `
  SELECT o.object, pg_get_userbyid(o.owner) AS owner, o."isOwned", ARRAY(
    SELECT d.verb || ' ' || d.privilege_type || d.columns || CASE d.verb WHEN 'grant' THEN ' to ' ELSE ' from ' END
      || CASE d.grantee WHEN 0 THEN 'public' WHEN o.owner THEN 'its owner' ELSE quote_ident(pg_get_userbyid(d.grantee)) END
      || CASE WHEN d.is_grantable THEN ' with grant option' ELSE '' END
    FROM (
      SELECT 'grant' AS verb, '' AS columns, g.* FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(o.acl)
        EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(acldefault(o.kind::"char", o.owner))) g
      UNION ALL SELECT 'revoke', '', g.* FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(acldefault(o.kind::"char", o.owner)) WHERE o.acl IS NOT NULL
        EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(o.acl)) g
      UNION ALL SELECT 'grant', ' (' || quote_ident(a.attname) || ')', x.grantee, x.privilege_type, x.is_grantable
        FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = o.relation AND NOT a.attisdropped) d
    WHERE NOT (d.grantee = o.owner AND (d.privilege_type = 'MAINTAIN' OR d.columns <> ''))
    ORDER BY 1) AS grants
  FROM (
    SELECT 'schema ' || nspname AS object, nspowner AS owner, nspacl AS acl, 'n' AS kind, NULL::oid AS relation,
      false AS "isOwned" FROM pg_namespace WHERE nspname = ANY ($1::text[])
    UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || n.nspname || '.' || c.relname, c.relowner,
      c.relacl, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END, c.oid,
      EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND c.relkind = 'S')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL SELECT 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
      p.proowner, p.proacl, 'f', NULL, false FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM pg_depend e
        WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
    UNION ALL SELECT 'type ' || t.name, t.typowner, t.typacl, 'T', NULL, false FROM (${TYPES_OF_OURS}) t
      LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') o
  ORDER BY 1`

/** Objects that a contract cannot describe. */
export const UNSAYABLE = `
  SELECT 'foreign table ' || n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND n.nspname = ANY ($1::text[])
  UNION ALL SELECT 'inheritance of ' || n.nspname || '.' || c.relname
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND NOT c.relispartition AND n.nspname = ANY ($1::text[]) ORDER BY 1`
