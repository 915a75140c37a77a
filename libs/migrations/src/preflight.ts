import type { Sql } from '@mediakeep/sql'
import { PreflightError } from './errors.ts'
import type { HistoryTable } from './history.ts'
import type { Migration } from './migration-files.ts'

/** A problem in a database that blocks its migrations, or that the operator should know about first. */
export interface Finding {
  /** `refusal`: nothing is changed while it persists. */
  readonly severity: 'refusal' | 'note'
  /** The object and what is wrong with it, including the number of rows if it concerns rows. */
  readonly problem: string
  /** The action that fixes it. */
  readonly remedy: string
}

/** A project's own checks, read-only. */
export type PreflightChecks = (sql: Sql, pending: readonly Migration[]) => Promise<readonly Finding[]>

export const refusal = (problem: string, remedy: string): Finding => ({
  severity: 'refusal',
  problem,
  remedy,
})
export const note = (problem: string, remedy: string): Finding => ({ severity: 'note', problem, remedy })

/** Formats a finding as one line. */
export function formatFinding({ severity, problem, remedy }: Finding): string {
  return `${severity === 'refusal' ? 'cannot migrate' : 'note'}: ${problem}. ${remedy}`
}

/** Logs the notes. @throws PreflightError listing every refusal */
export function heed(findings: readonly Finding[], log: (line: string) => void): void {
  for (const finding of findings) if (finding.severity === 'note') log(formatFinding(finding))
  const refusals = findings.filter(({ severity }) => severity === 'refusal')
  if (refusals.length > 0) throw new PreflightError(refusals.map(formatFinding))
}

/** Checks that the history can be read and written here, before it is read. */
export async function checkTarget(
  sql: Sql,
  { historySchema, historyTable }: HistoryTable,
): Promise<Finding[]> {
  const { rows } = await sql.query<{
    isReadOnly: boolean
    hasSchema: boolean
    mayCreate: boolean
    columns: string[] | null
    role: string
    database: string
  }>(
    `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS "isReadOnly",
       n.oid IS NOT NULL AS "hasSchema", quote_ident(current_user) AS role, quote_ident(current_database()) AS database,
       CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
         ELSE has_schema_privilege(n.oid, 'CREATE') END AS "mayCreate",
       (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
         AS columns
     FROM (SELECT) one LEFT JOIN pg_namespace n ON n.nspname = $1
     LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2`,
    [historySchema, historyTable],
  )
  const { isReadOnly, hasSchema, mayCreate, columns, role, database } = rows[0]!
  const findings: Finding[] = []
  if (isReadOnly) {
    findings.push(
      refusal(
        'the database accepts no writes (a standby, or default_transaction_read_only is on)',
        'Connect to the primary, or as a role that may write',
      ),
    )
  }
  if (!mayCreate) {
    const [kind, name] = hasSchema ? ['SCHEMA', historySchema] : ['DATABASE', database]
    findings.push(
      refusal(
        `the role ${role} may not create objects in ${kind.toLowerCase()} ${name}`,
        `Run GRANT CREATE ON ${kind} ${name} TO ${role}`,
      ),
    )
  }
  const lacking = ['id', 'name', 'run_on'].filter((column) => columns !== null && !columns.includes(column))
  if (lacking.length > 0) {
    findings.push(
      refusal(
        `${historySchema}.${historyTable} is another program's table: it has no column ${lacking.join(', ')}`,
        'Rename that table or its schema',
      ),
    )
  }
  return findings
}
