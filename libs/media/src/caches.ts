import type { Sql } from '@mediakeep/sql'
import { upsertCacheAbsence } from './caches.sql.ts'

/** Sets for all machines how long a cache may be silent before others take over its work. */
export async function setCacheAbsence(sql: Sql, seconds: number): Promise<void> {
  await upsertCacheAbsence(sql, [seconds])
}
