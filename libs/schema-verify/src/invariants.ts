import type { Sql } from '@mediakeep/sql'
import type { Check, Invariant } from './contract.ts'

/** Counting stops here: nobody fixes more rows than this by hand. */
const MOST = 10_000
/** Milliseconds for all rules together: the whole verification should end within two seconds. */
const BUDGET_MS = 1_200

/**
 * Counts the rows that break each rule, inside a transaction. A rule that cannot be counted in the remaining time, or
 * because of a lock or a missing privilege, gives a warning that says so.
 */
export async function checkInvariants(sql: Sql, invariants: readonly Invariant[]): Promise<Check[]> {
  const end = Date.now() + BUDGET_MS
  const checks: Check[] = []
  for (const invariant of invariants) {
    checks.push(await checkInvariant(sql, invariant, Math.max(10, end - Date.now())))
  }
  return checks
}

async function checkInvariant(sql: Sql, invariant: Invariant, timeoutMs: number): Promise<Check> {
  const { name, violations, severity, mend } = invariant
  await sql.query('SAVEPOINT invariant')
  try {
    await sql.query(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`)
    const { rows } = await sql.query<{ count: string }>(
      `SELECT count(*)::text AS count FROM (SELECT FROM (${violations}) v LIMIT ${MOST + 1}) few`,
    )
    await sql.query('RELEASE SAVEPOINT invariant')
    const count = Number(rows[0]!.count)
    const line: Check = {
      object: name,
      expected: '0',
      actual: count > MOST ? `more than ${MOST}` : String(count),
      ok: count === 0,
      severity,
    }
    return count === 0 || mend === undefined ? line : { ...line, mend }
  } catch (error) {
    await sql.query('ROLLBACK TO SAVEPOINT invariant')
    const reason = reasonOf(error)
    if (!reason) throw error
    return { object: name, expected: '0', actual: `not counted: ${reason}`, ok: false, severity: 'warning' }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  '57014': 'it takes too long',
  '55P03': 'the table is locked',
  '42501': 'this role may not read the table',
  '42P01': 'a table is missing',
  '42703': 'a column is missing',
  '42883': 'a column has another type',
  '42804': 'a column has another type',
  '42809': 'another kind of object has its name',
}

function reasonOf(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (code === '42501' && String(message).includes('row-level security')) return String(message)
  return REASONS[String(code)]
}
