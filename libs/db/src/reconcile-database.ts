import { readMediaUrl } from '@mediakeep/media-url'
import { openPool } from '@mediakeep/postgres'
import { reconcile, type Reconciliation } from '@mediakeep/reconcile'

/** Puts right what older writers left, in batches that hinder nobody. */
export async function reconcileDatabase(url: string, log?: (line: string) => void): Promise<Reconciliation> {
  const pool = openPool(url, { max: 2, applicationName: 'mediakeep-migrations' })
  try {
    return await reconcile(pool, { readMediaUrl, ...(log ? { log } : {}) })
  } finally {
    await pool.close()
  }
}
