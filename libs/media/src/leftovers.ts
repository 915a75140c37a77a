import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Database, Sql } from '@mediakeep/sql'
import { clearArchiveUrls, deleteContents, lockLeftovers, releaseLeftovers } from './leftovers.sql.ts'

/**
 * Clears the archive location of leased contents that no row shows, before their objects are removed: a new download
 * of one of them then uploads it again. @returns their SHA-256
 */
export async function forgetObjects(sql: Sql, leases: readonly HeldLease[]): Promise<Set<string>> {
  const still = await clearArchiveUrls(sql, heldBy(leases))
  return new Set(still.rows.map((row) => row.sha256))
}

/** Deletes leased contents that no row shows. @returns their SHA-256 */
export async function deleteLeftovers(db: Database, leases: readonly HeldLease[]): Promise<Set<string>> {
  return db.transaction(async (sql) => {
    // Locked first: this waits for a download that is settling, so the next statement sees its row.
    await lockLeftovers(sql, heldBy(leases))
    const removed = await deleteContents(sql, heldBy(leases))
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
  await releaseLeftovers(sql, [...heldBy(leases), cacheId])
}
