import type { HistoryTable, MigrationStatus } from '@mediakeep/migrations'
import type { Check } from './contract.ts'
import { identifier, literal } from './ddl.ts'

/** Compares files with the history, one check per migration: missing, extra, edited, out of order, or two versions. */
export function checkHistory(
  statuses: readonly MigrationStatus[],
  table: HistoryTable,
  migrateCommand: string,
): Check[] {
  const newest = statuses.findLast(({ state }) => state !== 'unknown')?.name ?? ''
  return statuses.map((status) => {
    if (status.state === 'unknown') return checkUnknown(status, newest, statuses)
    return checkKnown(status, table, migrateCommand)
  })
}

function checkKnown(status: MigrationStatus, table: HistoryTable, migrateCommand: string): Check {
  const { name, state, edited, appliedAfter, otherVersions } = status
  const isRecorded = state === 'applied'
  const elsewhere =
    otherVersions.length > 0
      ? `recorded as ${otherVersions.join(', ')}, the same migration under another version`
      : ''
  const parts = [isRecorded ? 'recorded' : '', elsewhere].filter(Boolean)
  const line = { object: `migration ${name}`, expected: 'recorded' }
  if (parts.length === 0) {
    return { ...line, actual: 'missing', ok: false, severity: 'error', mend: migrateCommand }
  }
  const actual = parts.join('; also ')
  if (edited) {
    const actualEdit = `${actual}, but its file was edited since: the edit is not in the database`
    return { ...line, actual: actualEdit, ok: false, severity: 'error', mend: acceptEdit(status, table) }
  }
  if (appliedAfter !== undefined) {
    const late = `${actual}, out of order: after ${appliedAfter}, as branches merge`
    return { ...line, actual: late, ok: false, severity: 'warning' }
  }
  return { ...line, actual, ok: true, severity: 'error' }
}

/** Accepts an edit that only changes comments; any other edit needs its own migration. */
function acceptEdit(
  { name, checksum }: MigrationStatus,
  { historySchema, historyTable }: HistoryTable,
): string {
  const table = `${identifier(historySchema)}.${identifier(historyTable)}`
  return (
    `UPDATE ${table} SET checksum = ${literal(checksum ?? '')} WHERE name = ${literal(name)} ` +
    '/* only if the edit changes nothing; otherwise take it back, and write a new migration */'
  )
}

function checkUnknown(
  { name, otherVersions }: MigrationStatus,
  newest: string,
  all: readonly MigrationStatus[],
): Check {
  const file = all.find(({ name: other }) => otherVersions.some((version) => other.startsWith(`${version}_`)))
  const isRenamed = file !== undefined && file.state !== 'unknown'
  const isNewer = name > newest
  return {
    object: `migration ${name}`,
    expected: isRenamed ? `${file.name}, or the same under another version` : 'a file of this name',
    actual: isRenamed ? 'recorded under this version' : isNewer ? 'none: newer than this code' : 'none',
    ok: isRenamed,
    severity: isNewer ? 'warning' : 'error',
  }
}
