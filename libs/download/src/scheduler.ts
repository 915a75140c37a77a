import { FILE_HOST, promoteRetries } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import type { HostLanes } from './host-lanes.ts'
import type { HostBackoff } from './host-backoff.ts'
import { findHosts, type HostWork } from './hosts.ts'
import type { Permit, Permits } from './permits.ts'
import type { DownloadRow } from './queue.ts'

const PLAN_MS = 1_000
const PLANNED_HOSTS = 1_000
/** How long a lane may stay with its host while another, equally urgent, has none. */
const TURN_MS = 2_000

export interface SchedulerParts {
  readonly sql: Sql
  readonly permits: Permits
  readonly rest: HostBackoff
  readonly concurrencyPerHost: number
  readonly maxLanes: number
  readonly lanes: HostLanes
}

/** Called by a lane before each row: true if it should end because its host is paused or another is more urgent. */
export type ShouldYield = (row: DownloadRow, startedAt: number) => boolean

/**
 * Assigns lanes to hosts, the earliest deadline first, until no host has work available now or the signal
 * aborts. All lanes have ended by then.
 */
export async function runLanes(parts: SchedulerParts, signal: AbortSignal): Promise<void> {
  const { permits, rest, maxLanes } = parts
  const running = new Set<Promise<void>>()
  const plan = hostPlan(parts)
  let wake = (): void => {}
  const halt = new AbortController()
  const stop = AbortSignal.any([signal, halt.signal])
  const shouldYield: ShouldYield = (row, startedAt) =>
    rest.isHeld(row.host) || (running.size >= maxLanes && plan.hasRival(row, startedAt))
  const work = async (permit: Permit): Promise<void> => {
    try {
      if ((await parts.lanes.run(permit, stop, shouldYield)) === 0) rest.idle(permit.host)
    } finally {
      await permits.release(permit)
    }
  }
  const start = async (): Promise<void> => {
    const wanted = await plan.take(maxLanes - running.size, running.size === 0)
    if (wanted.length === 0) return
    for (const permit of await permits.acquire(wanted)) {
      const lane = work(permit)
        .catch((error: unknown) => halt.abort(error))
        .finally(() => {
          running.delete(lane)
          wake()
        })
      running.add(lane)
    }
  }
  while (!stop.aborted) {
    const wasIdle = running.size === 0
    await start().catch((error: unknown) => halt.abort(error))
    if (running.size > 0) await new Promise<void>((resolve) => (wake = after(PLAN_MS, resolve)))
    else if (wasIdle) break
  }
  await Promise.all(running)
  if (halt.signal.aborted) throw halt.signal.reason
}

interface HostPlan {
  /** Takes the most urgent hosts, until `free` lanes are assigned. */
  take(free: number, isFresh: boolean): Promise<HostWork[]>
  hasRival(row: DownloadRow, startedAt: number): boolean
}

function hostPlan({ sql, rest, concurrencyPerHost }: SchedulerParts): HostPlan {
  let plan: HostWork[] = []
  let staleAt = -Infinity
  const renew = async (): Promise<void> => {
    const begunAt = performance.now()
    await promoteRetries(sql)
    const found = await findHosts(sql, concurrencyPerHost, PLANNED_HOSTS)
    plan = found.filter((work) => work.host !== FILE_HOST)
    // With thousands of hosts, planning is costly: spend at most a tenth of the time on it.
    const cost = performance.now() - begunAt
    staleAt = performance.now() + Math.max(PLAN_MS, 10 * cost)
  }
  return {
    async take(free, isFresh) {
      if (isFresh || performance.now() > staleAt || (free > 0 && plan.length === 0)) await renew()
      plan = plan.filter((work) => !rest.isResting(work.host))
      const taken: HostWork[] = []
      for (let left = free; left > 0 && plan.length > 0;) {
        const work = plan.shift()!
        taken.push({ ...work, lanes: Math.min(work.lanes, left) })
        left -= work.lanes
      }
      return taken
    },
    hasRival(row, startedAt) {
      const rival = plan.find((work) => work.host !== row.host)
      if (!rival) return false
      const deadline = deadlineOf(row)
      const isTurnOver = performance.now() - startedAt > TURN_MS
      return rival.deadline < deadline || (rival.deadline === deadline && isTurnOver)
    },
  }
}

function deadlineOf(row: DownloadRow): number {
  return row.expiresAt && row.expiresAt.getTime() > Date.now() ? row.expiresAt.getTime() : Infinity
}

/** Calls back after the given time, or when the returned function is called. */
function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms)
  return () => {
    clearTimeout(timer)
    callback()
  }
}
