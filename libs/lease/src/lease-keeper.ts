import type { Sql } from '@mediakeep/sql'
import { LeaseLostError } from './lease-lost-error.ts'
import type { HeldLease, LeaseQueue } from './lease-queue.ts'

/** Extends leases with a heartbeat while work on them continues. */
export interface LeaseKeeper {
  /** Extends this lease from now on. @returns a signal that aborts when the lease is lost: stop, write nothing */
  keep(lease: HeldLease): AbortSignal
  /** Call when the work on this lease has ended. */
  drop(lease: HeldLease): void
  /** Ends the heartbeat. Leases still kept expire by themselves. */
  stop(): void
}

interface Kept {
  readonly lease: HeldLease
  readonly lost: AbortController
  /** Monotonic, in milliseconds: when the database last confirmed the lease. */
  confirmedAt: number
}

/**
 * Extends the kept leases every third of their duration. While the database is unreachable, a lease counts as held
 * until it must have expired.
 */
export function leaseKeeper(queue: Pick<LeaseQueue, 'extend'>, sql: Sql, leaseSeconds: number): LeaseKeeper {
  const kept = new Map<string, Kept>()
  const lose = (one: Kept): void => {
    if (kept.get(one.lease.id) === one) kept.delete(one.lease.id)
    one.lost.abort(new LeaseLostError(one.lease.id))
  }
  let isBeating = false
  const beat = async (): Promise<void> => {
    const held = [...kept.values()]
    const leases = held.map((one) => one.lease)
    const at = performance.now()
    // If a heartbeat fails, the next one follows.
    const ids = await queue.extend(sql, leases, leaseSeconds).catch(() => undefined)
    for (const one of held) {
      if (ids?.has(one.lease.id)) one.confirmedAt = at
      else if (ids && kept.get(one.lease.id) === one) lose(one)
    }
  }
  const timer = setInterval(() => {
    const oldest = performance.now() - leaseSeconds * 1000
    for (const one of kept.values()) if (one.confirmedAt < oldest) lose(one)
    if (isBeating || kept.size === 0) return
    isBeating = true
    void beat().finally(() => (isBeating = false))
  }, leaseSeconds * 333)
  return {
    keep(lease) {
      const lost = new AbortController()
      kept.set(lease.id, { lease, lost, confirmedAt: performance.now() })
      return lost.signal
    },
    drop(lease) {
      if (kept.get(lease.id)?.lease.token === lease.token) kept.delete(lease.id)
    },
    stop: () => clearInterval(timer),
  }
}
