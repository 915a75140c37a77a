import type { Sql } from '@mediakeep/sql'
import { promoteDue } from './promote-retries.sql.ts'

/** Moves failed rows that are due for a retry into the queue, where the deadline decides. */
export async function promoteRetries(sql: Sql): Promise<void> {
  await promoteDue(sql)
}
