import type { Sql } from '@mediakeep/sql'
import { claimRows, claimSuspect, type DownloadRow } from './queue.ts'

/** Claims rows of a host, but only one suspect at a time in this process. */
export interface Claims {
  claim(host: string, limit: number): Promise<DownloadRow[]>
  /** @returns true if another suspect may be claimed now */
  end(row: DownloadRow): boolean
}

export function hostClaims(sql: Sql, leaseSeconds: number): Claims {
  let isBusy = false
  return {
    async claim(host, limit) {
      const rows = await claimRows(sql, host, limit, leaseSeconds)
      if (rows.length === limit || isBusy) return rows
      isBusy = true
      // If this fails, keep the rows already claimed; the suspects can be claimed later.
      const suspects = await claimSuspect(sql, host, leaseSeconds).catch(() => [])
      isBusy = suspects.length > 0
      return [...rows, ...suspects]
    },
    end(row) {
      if (row.isSuspect) isBusy = false
      return row.isSuspect
    },
  }
}
