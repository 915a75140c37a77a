import type { Sql } from '@mediakeep/sql'
import { queueParked } from './retry-parked.sql.ts'

/** Selects parked inspections to resume; omitted fields do not restrict. */
export interface ParkedSelection {
  readonly cacheId?: string | undefined
  /** Only those given up by other decoders, or by decoders with other limits. */
  readonly notVersion?: string | undefined
  readonly sha256s?: readonly string[] | undefined
}

/** Puts parked contents back into the inspection queue, all counters at zero. @returns their SHA-256 */
export async function retryParked(sql: Sql, selection: ParkedSelection = {}): Promise<string[]> {
  const retried = await queueParked(sql, [
    selection.cacheId ?? null,
    selection.notVersion ?? null,
    selection.sha256s ?? null,
  ])
  return retried.rows.map((row) => row.sha256)
}
