import { note, type Finding, type Migration } from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'
import { addedColumns } from './preflight-names.ts'

/** Tables of other programs to which our migrations add columns. */
const TABLES = ['posts', 'post_media']
/** Columns that only our own processes need: whoever reads a lease token can end another process's lease. */
const LEASES = '_lease_(token|expires_at)$'

interface Publication {
  readonly name: string
  readonly table: string
  /** The table's columns, quoted. */
  readonly columns: string
  readonly filter: string | null
  /** The publication names this table, so its columns can be listed. */
  readonly isNamed: boolean
}

/** Notes the publications that will also send the columns that the migrations add, with how to exclude them. */
export async function notePublications(sql: Sql, pending: readonly Migration[]): Promise<Finding[]> {
  const { rows } = await sql.query<Publication>(
    `SELECT quote_ident(p.pubname) AS name, c.relname AS table, r.oid IS NOT NULL AS "isNamed",
       pg_get_expr(r.prqual, r.prrelid) AS filter,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
     FROM pg_publication p CROSS JOIN pg_class c
     LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND r.prattrs IS NULL
       AND (p.puballtables OR r.oid IS NOT NULL OR EXISTS (SELECT FROM pg_publication_namespace n
         WHERE n.pnpubid = p.oid AND n.pnnspid = c.relnamespace))
     ORDER BY c.relname, p.pubname`,
    [TABLES],
  )
  const coming = [...addedColumns(pending)]
  return rows.flatMap((publication) => {
    const added = coming.filter((column) => column.startsWith(`${publication.table}.`))
    if (added.length === 0) return []
    const names = added.map((column) => column.slice(publication.table.length + 1)).join(', ')
    return [
      note(
        `the publication ${publication.name} will also send the columns that Mediakeep adds to public.${publication.table}: ${names}`,
        `Where subscribers must not get them, ${exclude(publication)}`,
      ),
    ]
  })
}

function exclude({ name, table, columns, filter, isNamed }: Publication): string {
  const listed = `TABLE public.${table} (${columns})`
  if (!isNamed) {
    return `replace it by one that names its tables, because it sends whole schemas: CREATE PUBLICATION another_name FOR ${listed}, and the other tables`
  }
  const where = filter === null ? '' : ` WHERE (${filter})`
  return (
    `run BEGIN; ALTER PUBLICATION ${name} DROP TABLE public.${table}; ` +
    `ALTER PUBLICATION ${name} ADD ${listed}${where}; COMMIT`
  )
}

/** Notes the roles that may read whole rows of post_media, leases included, with the statements that prevent it. */
export async function noteReaders(sql: Sql): Promise<Finding[]> {
  const { rows } = await sql.query<{ readers: string[]; columns: string | null }>(
    `SELECT array(SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
         FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
         WHERE c.oid = to_regclass('public.post_media') AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
         ORDER BY 1) AS readers,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = to_regclass('public.post_media') AND attnum > 0 AND NOT attisdropped
          AND attname !~ $1) AS columns`,
    [LEASES],
  )
  const { readers, columns } = rows[0]!
  if (readers.length === 0 || columns === null) return []
  const statements = readers.map(
    (role) =>
      `REVOKE SELECT ON public.post_media FROM ${role}; GRANT SELECT (${columns}) ON public.post_media TO ${role};`,
  )
  return [
    note(
      `${readers.join(', ')} may read public.post_media, and so will read the columns that Mediakeep adds, leases included`,
      `Where a role must not (its SELECT * will then fail), run its line:\n  ${statements.join('\n  ')}`,
    ),
  ]
}
