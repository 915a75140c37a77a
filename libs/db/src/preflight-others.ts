import { note, refusal, type Finding } from '@mediakeep/migrations'
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

/** Notes who will see the columns that Mediakeep adds to post_media. */
export async function noteOthers(sql: Sql): Promise<Finding[]> {
  const { rows } = await sql.query<{ publications: string[]; readers: string[] }>(
    `SELECT array(SELECT p.pubname::text FROM pg_publication_tables p
         WHERE p.schemaname = 'public' AND p.tablename = 'post_media') AS publications,
       array(SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END
         FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
         WHERE c.oid = to_regclass('public.post_media') AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
         ORDER BY 1) AS readers`,
  )
  const { publications, readers } = rows[0]!
  const columns = 'the columns that Mediakeep adds to public.post_media'
  return [
    ...(publications.length > 0
      ? [
          note(
            `the publication ${publications.join(', ')} will also send ${columns}`,
            'Name the columns in the publication where subscribers must not get them',
          ),
        ]
      : []),
    ...(readers.length > 0
      ? [
          note(
            `${readers.join(', ')} may read public.post_media, and so will read ${columns}`,
            'Grant SELECT on named columns instead where they must not (docs/adopting.md)',
          ),
        ]
      : []),
  ]
}
