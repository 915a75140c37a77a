import type { TestDatabase } from '@mediakeep/testing'

const FOREIGN = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`

/** Dumps the catalogue, except PostgreSQL's own objects, and every row; equal databases give equal dumps. */
export async function dumpDatabase(database: TestDatabase): Promise<Record<string, string[]>> {
  const lines = async (text: string): Promise<string[]> =>
    (await database.query<{ line: string }>(text)).rows.map(({ line }) => line)
  const tables = await lines(`SELECT format('%I.%I', n.nspname, c.relname) AS line FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${FOREIGN} AND c.relkind IN ('r', 'p') ORDER BY 1`)
  const dump: Record<string, string[]> = {
    schemas: await lines(
      `SELECT concat_ws(' ', nspname, nspacl) AS line FROM pg_namespace n WHERE ${FOREIGN} ORDER BY 1`,
    ),
    relations:
      await lines(`SELECT concat_ws(' ', n.nspname, relname, relkind, relowner::regrole, relacl, relrowsecurity,
        relforcerowsecurity, reloptions, obj_description(c.oid, 'pg_class'), pg_get_viewdef(CASE relkind WHEN 'v' THEN c.oid END),
        pg_get_indexdef(CASE relkind WHEN 'i' THEN c.oid END)) AS line
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${FOREIGN} AND relkind <> 't' ORDER BY 1`),
    columns:
      await lines(`SELECT concat_ws(' ', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attacl,
        pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)) AS line
      FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE ${FOREIGN} AND attnum > 0 ORDER BY 1`),
    constraints:
      await lines(`SELECT concat_ws(' ', conrelid::regclass, conname, convalidated, pg_get_constraintdef(p.oid)) AS line
      FROM pg_constraint p JOIN pg_namespace n ON n.oid = connamespace WHERE ${FOREIGN} ORDER BY 1`),
    policies: await lines(`SELECT to_jsonb(p)::text AS line FROM pg_policies p ORDER BY 1`),
    functions: await lines(`SELECT oid::regprocedure::text AS line FROM pg_proc p WHERE pronamespace IN
      (SELECT oid FROM pg_namespace n WHERE ${FOREIGN}) ORDER BY 1`),
  }
  for (const table of tables)
    dump[table] = await lines(`SELECT to_jsonb(r)::text AS line FROM ${table} r ORDER BY 1`)
  return dump
}
