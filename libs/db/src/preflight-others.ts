import { refusal, type Finding } from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'

/** Checks other programs' tables that refer to media: when duplicates are merged, their rows must be updated. */
export async function checkReferences(sql: Sql): Promise<Finding[]> {
  const { rows } = await sql.query<{ name: string; isHidden: boolean; lacking: string[]; role: string }>(
    `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name, row_security_active(c.oid) AS "isHidden",
       array(SELECT p FROM unnest(ARRAY['SELECT', 'UPDATE', 'DELETE']) p WHERE NOT has_table_privilege(c.oid, p)) AS lacking,
       quote_ident(current_user) AS role
     FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = to_regclass('public.post_media')`,
  )
  return rows.flatMap(({ name, isHidden, lacking, role }) => [
    ...(isHidden
      ? [
          refusal(
            `row-level security hides rows of ${name} from ${role}, and they refer to media`,
            `Run ALTER ROLE ${role} BYPASSRLS, or migrate as another role`,
          ),
        ]
      : []),
    ...(lacking.length > 0
      ? [
          refusal(
            `${role} may not ${lacking.join(', ')} rows of ${name}, which refers to media`,
            `Run GRANT ${lacking.join(', ')} ON ${name} TO ${role}`,
          ),
        ]
      : []),
  ])
}
