import type { Sql } from '@mediakeep/sql'
import { updateQueued } from './queue-contents.sql.ts'

/** Queues a content whose file this cache has: for inspection if it was never inspected, otherwise for the archive. */
export async function queueContent(
  sql: Sql,
  { sha256, cacheId }: { readonly sha256: string; readonly cacheId: string },
): Promise<void> {
  await updateQueued(sql, [sha256, cacheId])
}

/** SQL: assignments to a row of `mediakeep.contents` that resume a parked inspection, all counters at zero. */
const UNPARKED = `inspect_parked_at = NULL, inspect_parked_version = NULL, inspect_attempts = 0,
  inspect_deaths = 0, inspect_not_before = now()`

/** SQL: assignments to a row of `mediakeep.contents` that queue it for inspection as if for the first time. */
export const INSPECT_AGAIN = `inspected_at = NULL, inspect_error = NULL, inspect_lease_token = NULL,
  inspect_lease_expires_at = NULL, ${UNPARKED}`
