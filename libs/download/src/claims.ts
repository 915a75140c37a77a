import type { Sql } from '@mediakeep/sql'
import { claimRows, claimSuspect, type DownloadRow } from './queue.ts'

/** Claims rows of a host; of the suspects, one at a time in this process. */
export interface Claims {
  claim(host: string, limit: number): Promise<DownloadRow[]>
  /** @returns whether another suspect may be claimed now */
  end(row: DownloadRow): boolean
}

export function hostClaims(sql: Sql, leaseSeconds: number): Claims {
  let isBusy = false
  return {
    async claim(host, limit) {
      const rows = await claimRows(sql, host, limit, leaseSeconds)
      if (rows.length === limit || isBusy) return rows
      isBusy = true
      // The rows that were claimed must not be lost with these, which come again.
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
