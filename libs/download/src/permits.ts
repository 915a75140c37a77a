import { leaseKeeper, type Lease } from '@mediakeep/lease'
import { batcher, type Sql } from '@mediakeep/sql'
import { deleteSlots, extendSlots, insertSlots } from './permits.sql.ts'

/** The right to one connection to a host, across all processes. */
export interface Permit extends Lease {
  readonly host: string
  /** Aborts when the permit is lost: another process may now use it. */
  readonly lost: AbortSignal
}

export interface Permits {
  /** Takes free permits, at most as many as wanted: other processes may be quicker. */
  acquire(wanted: readonly { host: string; lanes: number }[]): Promise<Permit[]>
  release(permit: Permit): Promise<void>
  stop(): void
}

export function hostPermits(sql: Sql, concurrencyPerHost: number, leaseSeconds: number): Permits {
  const keeper = leaseKeeper({ extend }, sql, leaseSeconds)
  const free = batcher<string, undefined>(async (tokens) => {
    await deleteSlots(sql, [tokens])
    return tokens.map(() => undefined)
  })
  return {
    async acquire(wanted) {
      const taken = await insertSlots(sql, [
        wanted.map((one) => one.host),
        wanted.map((one) => one.lanes),
        concurrencyPerHost,
        leaseSeconds,
      ])
      return taken.rows.map(({ host, slot, token }) => {
        const lease = { id: `${host}#${slot}`, token, attempt: 1, deaths: 0 }
        return { ...lease, host, lost: keeper.keep(lease) }
      })
    },
    async release(permit) {
      keeper.drop(permit)
      await free(permit.token)
    },
    stop: () => keeper.stop(),
  }
}

async function extend(sql: Sql, permits: readonly Lease[], leaseSeconds: number): Promise<Set<string>> {
  const kept = await extendSlots(sql, [permits.map((permit) => permit.token), leaseSeconds])
  return new Set(kept.rows.map((row) => row.id))
}
