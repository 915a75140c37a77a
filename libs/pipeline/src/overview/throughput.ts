import type { Sql } from '@mediakeep/sql'
import { selectThroughput } from './throughput.sql.ts'

export type ThroughputUnit = 'hour' | 'day'

/** Work completed in the unit of time that begins at `start`. */
export interface Throughput {
  readonly start: Date
  /** Media items whose bytes arrived. */
  readonly fetched: number
  /** Distinct contents uploaded. */
  readonly archived: number
  /** Media items whose analysis was completed. */
  readonly analysed: number
}

/** Number of units, including the current one. */
const UNITS = { hour: 24, day: 30 } as const

/**
 * Counts the last 24 hours by hour, or the last 30 days by day, in UTC, including empty units. Uses the times in the
 * rows: repeated work counts only at its last time. One pass over the rows and one over the contents.
 */
export async function throughput(sql: Sql, unit: ThroughputUnit): Promise<Throughput[]> {
  const { rows } = await selectThroughput(sql, [
    unit,
    (UNITS[unit] - 1) * hoursOf(unit),
    hoursOf(unit),
    UNITS[unit] - 1,
  ])
  return rows
}

function hoursOf(unit: ThroughputUnit): number {
  return unit === 'day' ? 24 : 1
}
