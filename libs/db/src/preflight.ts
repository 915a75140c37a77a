import { refusal, type Finding, type Migration } from '@mediakeep/migrations'
import type { Sql } from '@mediakeep/sql'
import { checkColumns, checkNames } from './preflight-names.ts'
import { checkReferences } from './preflight-others.ts'
import { notePublications, noteReaders } from './preflight-readers.ts'
import { checkStatuses } from './preflight-statuses.ts'

const GIVEN_TABLES = ['posts', 'download_runs', 'data_downloads', 'post_media']

/** Finds everything in a database that blocks our migrations. Read-only. */
export async function preflightChecks(sql: Sql, pending: readonly Migration[]): Promise<Finding[]> {
  const findings = [...(await checkServer(sql)), ...(await checkTables(sql))]
  // Without plain, readable tables, the other checks cannot run.
  if (findings.length > 0) return findings
  return [
    ...(await checkColumns(sql, pending)),
    ...(await checkNames(sql, pending)),
    ...(await checkStatuses(sql)),
    ...(await checkReferences(sql)),
    ...(await notePublications(sql, pending)),
    ...(await noteReaders(sql)),
  ]
}

async function checkServer(sql: Sql): Promise<Finding[]> {
  const { rows } = await sql.query<{ version: string; encoding: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding`,
  )
  const { version, encoding } = rows[0]!
  const findings: Finding[] = []
  if (Number.parseInt(version) < 15) {
    findings.push(refusal(`the server is PostgreSQL ${version}`, 'Upgrade it to PostgreSQL 15 or newer'))
  }
  if (encoding !== 'UTF8') {
    findings.push(
      refusal(
        `the database has the encoding ${encoding}, which cannot hold all text of posts`,
        'Copy it with pg_dump and pg_restore into a database that is made with ENCODING UTF8',
      ),
    )
  }
  return findings
}

const KINDS: Readonly<Record<string, string>> = {
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
}

async function checkTables(sql: Sql): Promise<Finding[]> {
  const { rows } = await sql.query<{
    name: string
    kind: string
    isPartition: boolean
    isHidden: boolean
    isOurs: boolean
    owner: string
    role: string
  }>(
    `SELECT format('public.%I', c.relname) AS name, c.relkind AS kind, c.relispartition AS "isPartition",
       row_security_active(c.oid) AS "isHidden", pg_has_role(c.relowner, 'USAGE') AS "isOurs",
       quote_ident(pg_get_userbyid(c.relowner)) AS owner, quote_ident(current_user) AS role
     FROM pg_class c WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) ORDER BY c.relname`,
    [GIVEN_TABLES],
  )
  return rows.flatMap(({ name, kind, isPartition, isHidden, isOurs, owner, role }) => {
    if (kind !== 'r' || isPartition) {
      const what = isPartition ? 'a partition of another table' : (KINDS[kind] ?? 'no table')
      return [refusal(`${name} is ${what}`, 'Copy its rows into a plain table of that name')]
    }
    return [
      ...(isOurs
        ? []
        : [
            refusal(
              `${name} belongs to ${owner}, not to ${role}`,
              `Migrate as ${owner}, or run GRANT ${owner} TO ${role}`,
            ),
          ]),
      ...(isHidden
        ? [
            refusal(
              `row-level security hides rows of ${name} from ${role}`,
              `Run ALTER ROLE ${role} BYPASSRLS, or migrate as another role`,
            ),
          ]
        : []),
    ]
  })
}
