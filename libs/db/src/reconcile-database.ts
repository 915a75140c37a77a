import { readMediaUrl } from '@mediakeep/media-url'
import { maintenanceSession, openPool } from '@mediakeep/postgres'
import { countMerges, reconcile, type Reconciliation } from '@mediakeep/reconcile'

/** A migrator that was just killed may hold its last batch's locks for a moment. */
const PATIENCE_MS = 10_000
/** Statement timeout for one batch. */
const STATEMENT_MS = 10 * 60_000

/** Fixes what older writers left, in batches small enough not to block other sessions. */
export async function reconcileDatabase(url: string, log?: (line: string) => void): Promise<Reconciliation> {
  const pool = openPool(url, { max: 2, session: maintenanceSession('mediakeep-migrations', STATEMENT_MS) })
  try {
    return await reconcile(pool, { readMediaUrl, patienceMs: PATIENCE_MS, ...(log ? { log } : {}) })
  } finally {
    await pool.close()
  }
}

/** Logs what `reconcileDatabase` would merge; changes nothing. */
export async function previewReconciliation(url: string, log: (line: string) => void): Promise<void> {
  const pool = openPool(url, { max: 1, session: maintenanceSession('mediakeep-migrations', STATEMENT_MS) })
  try {
    const merges = await countMerges(pool, readMediaUrl)
    log(
      merges === 0
        ? 'no duplicate rows of public.post_media to merge'
        : `would merge ${merges} duplicate rows of public.post_media into their survivors, and keep each whole in mediakeep.merged_media`,
    )
  } finally {
    await pool.close()
  }
}
