import { leaseQueue, SUSPECT_DEATHS, type Lease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'

/** One attempt at one media reference. */
export interface DownloadRow extends Lease {
  readonly host: string
  readonly url: string
  readonly expiresAt: Date | null
  /** Where the file is, or was to be: set by the older tool, or by an attempt that did not end. */
  readonly path: string | null
  readonly md5: string | null
  readonly sha256: string | null
  readonly byteSize: number | null
  /** Its process died, more than once in a row: it is tried alone. */
  readonly isSuspect: boolean
}

/** The predicate of the index post_media_download_queue_idx, over the alias `q`. */
export const WAITING = `q.fate = 'waiting' AND q.source_key IS NOT NULL`

/** What no living lease holds and whose time has come. */
export const CLAIMABLE = `${WAITING}
  AND (q.download_not_before IS NULL OR q.download_not_before <= now())
  AND (q.download_lease_expires_at IS NULL OR q.download_lease_expires_at < now())`

/** Earliest deadline first; what has none; at last what should have expired, and is tried once all the same. */
const TIERS = ['q.url_expires_at > now()', 'q.url_expires_at IS NULL', 'q.url_expires_at <= now()']

const SUSPECT = `q.download_deaths >= ${SUSPECT_DEATHS}`

const COLUMNS = `q.source_host AS host, q.media_url AS url, q.url_expires_at AS "expiresAt",
  q.local_file_path AS path, q.md5_sum AS md5, q.sha256_sum AS sha256, q.byte_size AS "byteSize"`

export const downloadQueue = leaseQueue({
  table: 'public.post_media',
  id: 'media_id',
  prefix: 'download',
  pending: WAITING,
  order: 'q.url_expires_at, q.media_id',
})

/**
 * SQL: whether row `q` still waits and is held under these leases, two parameters from `$n` on. No equality speaks of its
 * fate: after a large import PostgreSQL knows of no rows that wait, and would read them all in search of a few.
 */
export function heldWaiting(n: number): string {
  return `${downloadQueue.held('q', n)} AND q.fate IS NOT DISTINCT FROM 'waiting'`
}

/** Claims up to `limit` rows of one host, the most urgent first. */
export async function claimRows(
  sql: Sql,
  host: string,
  limit: number,
  leaseSeconds: number,
): Promise<DownloadRow[]> {
  const rows: DownloadRow[] = []
  for (const tier of TIERS) {
    if (rows.length === limit) break
    const where = `q.source_host = $1 AND ${tier} AND NOT (${SUSPECT})`
    rows.push(...(await claim(sql, host, where, limit - rows.length, leaseSeconds)))
  }
  return rows
}

/**
 * Claims one row whose process died under it again and again. A file that kills its process must not take
 * its neighbours' attempts with it.
 */
export async function claimSuspect(sql: Sql, host: string, leaseSeconds: number): Promise<DownloadRow[]> {
  const rows = await claim(sql, host, `q.source_host = $1 AND ${SUSPECT}`, 1, leaseSeconds)
  return rows.map((row) => ({ ...row, isSuspect: true }))
}

/** Puts failed rows whose time has come back into the queue, where the deadline decides. */
export async function promoteRetries(sql: Sql): Promise<void> {
  await sql.query(
    `WITH due AS MATERIALIZED (
       SELECT q.media_id FROM public.post_media q
       WHERE q.fate = 'failed' AND q.download_not_before IS NOT NULL AND q.download_not_before <= now()
       ORDER BY q.download_not_before, q.media_id LIMIT 1000 FOR UPDATE SKIP LOCKED)
     UPDATE public.post_media q SET fate = 'waiting', download_not_before = NULL
     FROM due WHERE q.media_id = due.media_id`,
  )
}

async function claim(
  sql: Sql,
  host: string,
  where: string,
  limit: number,
  leaseSeconds: number,
): Promise<DownloadRow[]> {
  const rows = await downloadQueue.claim<Omit<DownloadRow, 'isSuspect'>>(sql, {
    limit,
    leaseSeconds,
    where: `${where} AND NOT EXISTS (
      SELECT FROM mediakeep.download_hosts h WHERE h.host = $1 AND h.not_before > now())`,
    values: [host],
    returning: COLUMNS,
    prepare: true,
  })
  return rows.map((row) => ({ ...row, isSuspect: false }))
}
