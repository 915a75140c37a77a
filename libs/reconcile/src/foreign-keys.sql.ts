// Generated from foreign-keys.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectForeignKeys = statement<
  [referredOid: string | null | undefined],
  { table: string; tableOid: string; isHidden: boolean; referring: string[]; referred: string[] }
>(`
SELECT format('%I.%I', n.nspname, c.relname) AS table, c.oid::text AS "tableOid",
  row_security_active(c.oid) AS "isHidden",
  array_agg(quote_ident(a.attname) ORDER BY k.n) AS referring,
  array_agg(quote_ident(m.attname) ORDER BY k.n) AS referred
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY k (referring, referred, n)
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.referring
JOIN pg_attribute m ON m.attrelid = f.confrelid AND m.attnum = k.referred
WHERE f.contype = 'f' AND f.confrelid = $1::oid AND f.conparentid = 0
GROUP BY f.oid, n.nspname, c.relname, c.oid ORDER BY 1, f.oid`)
