import type { Sql } from '@mediakeep/sql'
import { sequenceAll } from './sequence-events.ts'
import { deleteOldest } from './prune-events.sql.ts'

const EVENTS_A_STATEMENT = 1000

/**
 * Deletes the oldest events, those older than `keepSeconds`, in bounded statements. Records the highest number and how
 * far events are pruned: a cursor stays valid as long as all events after it exist.
 *
 * @returns the number of deleted events
 */
export async function pruneEvents(
  sql: Sql,
  { keepSeconds, signal }: { readonly keepSeconds: number; readonly signal?: AbortSignal },
): Promise<number> {
  // If no process followed the log, it has events without a number, which would never be deleted.
  await sequenceAll(sql)
  for (let pruned = 0; ;) {
    signal?.throwIfAborted()
    const deleted = await pruneSome(sql, keepSeconds)
    pruned += deleted
    if (deleted < EVENTS_A_STATEMENT) return pruned
  }
}

/** Updates the bound in the same statement: a reader that checks it after reading events learns what was removed. */
async function pruneSome(sql: Sql, keepSeconds: number): Promise<number> {
  const { rows } = await deleteOldest(sql, [keepSeconds, EVENTS_A_STATEMENT])
  return rows[0]!.deleted
}
