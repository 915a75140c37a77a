import type { Sql } from '@mediakeep/sql'
import { updateSuspected } from './placeholders.sql.ts'

const MIN_SOURCES = 5
const MIN_AUTHORS = 3
/** Rows checked per content: enough to decide, and bounded where one picture is shown a million times. */
const SAMPLE = 500

/**
 * Flags contents shown by many URLs of unrelated posts and authors: possibly a host's "expired" picture. A
 * person judges.
 */
export async function flagPlaceholders(sql: Sql, sha256s: readonly string[]): Promise<void> {
  if (sha256s.length === 0) return
  await updateSuspected(sql, [sha256s, MIN_SOURCES, MIN_AUTHORS, SAMPLE])
}
