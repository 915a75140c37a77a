import type { Sql } from '@mediakeep/sql'
import { selectSharedLog, startEpochIfMoved } from './epoch.sql.ts'

/**
 * Starts a new epoch if a different database now writes the log: after a failover, or a restore into another server or
 * database. Otherwise, or while another process numbers events, does nothing; safe to call at any time.
 */
export async function renewEpoch(sql: Sql): Promise<void> {
  await startEpochIfMoved(sql)
}

/** The current epoch, and how far its log matches that of another epoch. */
export interface SharedLog {
  readonly epoch: string
  readonly pruned: number
  /** The last number in the current log. */
  readonly last: number
  /** The last number at which both logs have the same event; null if the other epoch is unknown here. */
  readonly shared: number | null
}

/** @param epoch the other epoch; default: the first one */
export async function readSharedLog(sql: Sql, epoch: string | undefined): Promise<SharedLog> {
  const { rows } = await selectSharedLog(sql, [epoch ?? null])
  return rows[0]!
}
