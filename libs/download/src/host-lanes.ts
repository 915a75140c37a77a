import type { Attempts } from './attempts.ts'
import { hostFeed, type HostFeed } from './feed.ts'
import type { Permit } from './permits.ts'
import type { DownloadRow } from './queue.ts'
import type { ShouldYield } from './scheduler.ts'

export interface HostLanesParts {
  readonly attempts: Attempts
  readonly claim: (host: string, limit: number) => Promise<DownloadRow[]>
}

/** Lanes by host: one per permit, each fetching one row at a time from the rows claimed for its host. */
export interface HostLanes {
  /**
   * Works until the host has nothing left, or the signal or the loss of the permit ends it.
   * @returns the number of rows it had
   */
  run(permit: Permit, signal: AbortSignal, shouldYield: ShouldYield): Promise<number>
}

interface OpenFeed {
  readonly feed: HostFeed
  lanes: number
}

export function hostLanes({ attempts, claim }: HostLanesParts): HostLanes {
  const open = new Map<string, OpenFeed>()
  const join = (host: string): OpenFeed => {
    const known = open.get(host)
    if (known) {
      known.lanes++
      return known
    }
    const feed = hostFeed(async (limit) => {
      const rows = await claim(host, limit)
      attempts.begin(rows)
      return rows
    })
    const opened = { feed, lanes: 1 }
    open.set(host, opened)
    return opened
  }
  const leave = async (host: string, left: OpenFeed): Promise<void> => {
    if (--left.lanes > 0) return
    open.delete(host)
    await Promise.all((await left.feed.close()).map((row) => attempts.giveBack(row)))
  }
  return {
    async run(permit, signal, shouldYield) {
      const stop = AbortSignal.any([signal, permit.lost])
      const startedAt = performance.now()
      const joined = join(permit.host)
      let taken = 0
      try {
        while (!stop.aborted) {
          const row = await joined.feed.next()
          if (!row) break
          taken++
          if (shouldYield(row, startedAt)) {
            joined.feed.putBack(row)
            break
          }
          await attempts.run(row, stop)
        }
      } finally {
        await leave(permit.host, joined)
      }
      return taken
    },
  }
}
