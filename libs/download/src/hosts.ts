import type { Sql } from '@mediakeep/sql'
import { deleteExpiredSlots, deleteOldHosts, selectHosts, upsertHold } from './hosts.sql.ts'

/** A host with work available now. */
export interface HostWork {
  readonly host: string
  /** Unix time in milliseconds at which its most urgent row expires; Infinity if no row has a future deadline. */
  readonly deadline: number
  /** Number of connections it could use: free permits, limited by its number of rows. */
  readonly lanes: number
}

/**
 * Finds hosts with claimable rows and free permits, the earliest deadline first. Reads one index entry per host, and
 * a few of its rows, however many are waiting.
 */
export async function findHosts(sql: Sql, concurrencyPerHost: number, limit: number): Promise<HostWork[]> {
  const found = await selectHosts(sql, [concurrencyPerHost, limit])
  return found.rows.map((row) => ({ ...row, deadline: row.deadline ?? Infinity }))
}

/**
 * Makes every process pause for a host. A host that asks again soon afterwards gets at least twice the last pause,
 * up to five minutes.
 *
 * @returns the length of the pause from now in seconds: longer than requested if a longer one was in effect
 */
export async function holdHost(sql: Sql, host: string, seconds: number, reason: string): Promise<number> {
  const held = await upsertHold(sql, [host, seconds, reason])
  return held.rows[0]!.seconds
}

/** Removes the permits of dead processes and long-expired pauses. */
export async function sweepHosts(sql: Sql): Promise<void> {
  await deleteExpiredSlots(sql)
  await deleteOldHosts(sql)
}
