import type { Sql } from '@mediakeep/sql'
import { refuseHiddenRows } from './references.ts'
import { selectLogs, turnOffRowSecurity, updateLogs } from './logs.sql.ts'

export interface LogBatch {
  /** Last media id processed; undefined when no row was left. */
  readonly last: string | undefined
  readonly parsed: number
}

/** Limit for nested values in parsed JSON text; deeper ones stay as text. */
const MAX_DEPTH = 100

/** Converts logs stored by older tools as JSON text or a single value to event arrays. @throws HiddenRowsError */
export async function reconcileLogs(sql: Sql, after: string, limit: number): Promise<LogBatch> {
  await turnOffRowSecurity(sql)
  await refuseHiddenRows(sql, ['public.post_media'])
  const { rows } = await selectLogs(sql, [after, limit])
  if (rows.length === 0) return { last: undefined, parsed: 0 }
  await updateLogs(sql, [
    rows.map(({ mediaId }) => mediaId),
    rows.map(({ log }) => JSON.stringify(logOf(JSON.parse(log)))),
  ])
  return { last: rows.at(-1)!.mediaId, parsed: rows.length }
}

/** Returns a stored value as an array. Text that contains no array is kept unchanged, as one entry. */
function logOf(stored: unknown): unknown[] {
  if (stored === null) return []
  let value: unknown = stored
  for (let depth = 0; typeof value === 'string' && depth < 3; depth++) {
    try {
      value = JSON.parse(value) as unknown
    } catch {
      break
    }
  }
  if (value === null) return []
  if (Array.isArray(value) && isStorable(value)) return value
  return [isStorable(value) && typeof value === 'object' ? value : stored]
}

/** True if jsonb accepts the value: no NUL, no lone surrogate, and not too deep for its parser. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (depth === MAX_DEPTH) return false
  return Object.entries(value).every(([key, entry]) => isStorable(key) && isStorable(entry, depth + 1))
}
