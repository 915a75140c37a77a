import { SUSPECT_DEATHS } from '@mediakeep/lease'
import { downloadQueue, type LeasedMedia } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import type { ExportFile } from './files/export-file.ts'

/** One attempt at one media reference. */
export interface DownloadRow extends LeasedMedia {
  /** The file of an export that has its bytes; otherwise they are fetched from the URL. */
  readonly file?: ExportFile | undefined
}

/** Earliest deadline first, then rows without one, then expired ones, which are still tried once. */
const TIERS = ['q.url_expires_at > now()', 'q.url_expires_at IS NULL', 'q.url_expires_at <= now()']

const SUSPECT = `q.download_deaths >= ${SUSPECT_DEATHS}`

const COLUMNS = `q.source_host AS host, coalesce(q.fetch_url, q.media_url) AS url, q.url_expires_at AS "expiresAt",
  q.media_type AS "mediaType", q.local_file_path AS path, q.md5_sum AS md5, q.sha256_sum AS sha256,
  q.byte_size AS "byteSize"`

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
 * Claims one row whose process died repeatedly. A file that kills its process must not take down its
 * neighbours' attempts.
 */
export async function claimSuspect(sql: Sql, host: string, leaseSeconds: number): Promise<DownloadRow[]> {
  const rows = await claim(sql, host, `q.source_host = $1 AND ${SUSPECT}`, 1, leaseSeconds)
  return rows.map((row) => ({ ...row, isSuspect: true }))
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
