import { readMediaUrl } from '@mediakeep/media-url'
import { openPool } from '@mediakeep/postgres'
import { reconcile, type Reconciliation } from '@mediakeep/reconcile'

/** The session of a migrator that was just killed may hold its last batch for a moment. */
const PATIENCE_MS = 10_000

/** Puts right what older writers left, in batches that hinder nobody. */
export async function reconcileDatabase(url: string, log?: (line: string) => void): Promise<Reconciliation> {
  const pool = openPool(url, { max: 2, applicationName: 'mediakeep-migrations' })
  try {
    return await reconcile(pool, { readMediaUrl, patienceMs: PATIENCE_MS, ...(log ? { log } : {}) })
  } finally {
    await pool.close()
  }
}
