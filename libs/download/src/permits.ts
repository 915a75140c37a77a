import { leaseKeeper, type Lease } from '@mediakeep/lease'
import { batcher, type Sql } from '@mediakeep/sql'

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
    await sql.query('DELETE FROM mediakeep.download_slots WHERE lease_token = ANY($1::uuid[])', [tokens])
    return tokens.map(() => undefined)
  })
  return {
    async acquire(wanted) {
      const taken = await sql.query<{ host: string; slot: number; token: string }>(ACQUIRE, [
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

// Free slots are picked at random, so that processes seldom want the same ones, and taken in order, so that they
// never deadlock. A slot with an expired lease is free.
const ACQUIRE = `
  INSERT INTO mediakeep.download_slots AS s (host, slot, lease_token, lease_expires_at)
  SELECT free.host, free.slot, gen_random_uuid(), now() + make_interval(secs => $4)
  FROM (
    SELECT w.host, n.slot, w.lanes, row_number() OVER (PARTITION BY w.host ORDER BY random()) AS rank
    FROM unnest($1::text[], $2::int[]) AS w (host, lanes) CROSS JOIN generate_series(0, $3::int - 1) AS n (slot)
    WHERE NOT EXISTS (SELECT FROM mediakeep.download_slots t
      WHERE t.host = w.host AND t.slot = n.slot AND t.lease_expires_at > now())) free
  WHERE free.rank <= free.lanes ORDER BY free.host, free.slot
  ON CONFLICT (host, slot) DO UPDATE
    SET lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at
    WHERE s.lease_expires_at <= now()
  RETURNING s.host, s.slot, s.lease_token AS token`

async function extend(sql: Sql, permits: readonly Lease[], leaseSeconds: number): Promise<Set<string>> {
  const kept = await sql.query<{ id: string }>(
    `UPDATE mediakeep.download_slots s SET lease_expires_at = now() + make_interval(secs => $2)
     FROM (SELECT d.host, d.slot FROM mediakeep.download_slots d WHERE d.lease_token = ANY($1::uuid[])
           ORDER BY d.host, d.slot FOR UPDATE) held
     WHERE s.host = held.host AND s.slot = held.slot RETURNING s.host || '#' || s.slot AS id`,
    [permits.map((permit) => permit.token), leaseSeconds],
  )
  return new Set(kept.rows.map((row) => row.id))
}
