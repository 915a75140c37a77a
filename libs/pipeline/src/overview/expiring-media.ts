import type { Sql } from '@mediakeep/sql'
import { selectExpiring } from './expiring-media.sql.ts'

/** Media that wait or will be retried, and whose URL signature expires soon. */
export interface ExpiringMedia {
  readonly count: number
  /** When the first of them expires. */
  readonly firstAt: Date | null
}

/**
 * Counts media that may be lost within the given hours. Waiting ones are read per host from the download queue's
 * index: those that expire later cost nothing.
 */
export async function expiringMedia(sql: Sql, hours: number): Promise<ExpiringMedia> {
  const { rows } = await selectExpiring(sql, [hours])
  return rows[0]!
}
