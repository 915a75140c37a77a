import type { Sql } from '@mediakeep/sql'
import { UNPARKED } from './queue-contents.ts'

/** Selects parked inspections to resume; omitted fields do not restrict. */
export interface ParkedSelection {
  readonly cacheId?: string | undefined
  /** Only those given up by other decoders, or by decoders with other limits. */
  readonly notVersion?: string | undefined
  readonly sha256s?: readonly string[] | undefined
}

/** Puts parked contents back into the inspection queue, all counters at zero. @returns their SHA-256 */
export async function retryParked(sql: Sql, selection: ParkedSelection = {}): Promise<string[]> {
  const retried = await sql.query<{ sha256: string }>(
    `WITH parked AS MATERIALIZED (
       SELECT q.sha256_sum FROM mediakeep.contents q
       WHERE q.inspect_parked_at IS NOT NULL AND ($1::uuid IS NULL OR q.cache_id = $1)
         AND ($2::text IS NULL OR q.inspect_parked_version IS DISTINCT FROM $2)
         AND ($3::text[] IS NULL OR q.sha256_sum = ANY($3))
       ORDER BY q.sha256_sum FOR NO KEY UPDATE)
     UPDATE mediakeep.contents q SET ${UNPARKED}
     FROM parked WHERE q.sha256_sum = parked.sha256_sum RETURNING q.sha256_sum AS sha256`,
    [selection.cacheId ?? null, selection.notVersion ?? null, selection.sha256s ?? null],
  )
  return retried.rows.map((row) => row.sha256)
}
