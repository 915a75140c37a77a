import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { leftoversQueue, unshown } from './queues.ts'

const HELD = `${leftoversQueue.held('q', 1)} AND ${unshown('q')}`

/**
 * Clears the archive location of leased contents that no row shows, before their objects are removed: a new download
 * of one of them then uploads it again. @returns their SHA-256
 */
export async function forgetObjects(sql: Sql, leases: readonly HeldLease[]): Promise<Set<string>> {
  const still = await sql.query<{ sha256: string }>(
    `UPDATE mediakeep.contents q SET archive_url = NULL, archived_at = NULL, archive_verified_at = NULL,
       archive_missing_since = NULL, archive_not_before = NULL WHERE ${HELD}
     RETURNING q.sha256_sum AS sha256`,
    heldBy(leases),
  )
  return new Set(still.rows.map((row) => row.sha256))
}

/** Deletes leased contents that no row shows. @returns their SHA-256 */
export async function deleteLeftovers(db: Database, leases: readonly HeldLease[]): Promise<Set<string>> {
  return db.transaction(async (sql) => {
    // Locked first: this waits for a download that is settling, so the next statement sees its row.
    await sql.query(
      `SELECT FROM mediakeep.contents q WHERE ${leftoversQueue.held('q', 1)} ORDER BY q.sha256_sum FOR UPDATE`,
      heldBy(leases),
    )
    const removed = await sql.query<{ sha256: string }>(
      `DELETE FROM mediakeep.contents q WHERE ${HELD} RETURNING q.sha256_sum AS sha256`,
      heldBy(leases),
    )
    return new Set(removed.rows.map((row) => row.sha256))
  })
}

/**
 * Ends the remaining leases. Contents that a row shows again are queued for upload, which finds out what is left of
 * them, and fetches them again if necessary.
 */
export async function giveBackLeftovers(
  sql: Sql,
  cacheId: string,
  leases: readonly HeldLease[],
): Promise<void> {
  await sql.query(
    `UPDATE mediakeep.contents q SET archive_attempts = 0, cache_id = coalesce(q.cache_id, $3),
       ${leftoversQueue.ended(`CASE WHEN q.archive_url IS NULL AND NOT (${unshown('q')}) THEN now() END`)}
     WHERE ${leftoversQueue.held('q', 1)}`,
    [...heldBy(leases), cacheId],
  )
}
