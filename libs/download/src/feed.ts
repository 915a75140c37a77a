import type { DownloadRow } from './queue.ts'

/** The claimed rows of one host, shared by its lanes. */
export interface HostFeed {
  /** The next row, or undefined when the host has nothing that can be claimed now. */
  next(): Promise<DownloadRow | undefined>
  /** Puts a row from `next` back at the front. */
  putBack(row: DownloadRow): void
  /** Ends the feed. @returns the rows that nobody took */
  close(): Promise<DownloadRow[]>
}

const MIN_BATCH = 4
const MAX_BATCH = 256

/**
 * Claims ahead, so that lanes do not wait: more rows at a time where they go fast, few where they are slow, since
 * rows claimed here are reserved for these lanes.
 */
export function hostFeed(claim: (limit: number) => Promise<DownloadRow[]>): HostFeed {
  let rows: DownloadRow[] = []
  let size = MIN_BATCH
  let claimedAt = performance.now()
  let claiming: Promise<void> | undefined
  let isOver = false
  const refill = async (): Promise<void> => {
    const claimed = await claim(size)
    if (claimed.length < size) isOver = true
    const age = performance.now() - claimedAt
    size = age < 1_000 ? Math.min(MAX_BATCH, size * 2) : age > 3_000 ? MIN_BATCH : size
    claimedAt = performance.now()
    rows.push(...claimed)
  }
  const start = (): Promise<void> => {
    const begun = refill().finally(() => (claiming = undefined))
    // A failure is thrown to a waiting caller; a claim made ahead may have none.
    begun.catch(() => (isOver = true))
    return begun
  }
  return {
    async next() {
      for (;;) {
        if (!isOver && rows.length <= size / 4) claiming ??= start()
        const row = rows.shift()
        if (row || !claiming) return row
        await claiming
      }
    },
    putBack: (row) => void rows.unshift(row),
    async close() {
      isOver = true
      await claiming?.catch(() => undefined)
      const left = rows
      rows = []
      return left
    },
  }
}
