import { randomUUID } from 'node:crypto'
import type { Sql } from '@mediakeep/sql'

/**
 * A table whose rows are a queue. Its lease stands in four columns behind a prefix: `{prefix}_lease_token`,
 * `{prefix}_lease_expires_at`, `{prefix}_attempts`, `{prefix}_not_before`.
 */
export interface QueueTable {
  /** With its schema: `mediakeep.contents`. */
  readonly table: string
  /** Primary key column, of type text. */
  readonly id: string
  readonly prefix: string
  /** SQL over the alias `q`: which rows are work. It must imply the predicate of a partial index. */
  readonly pending: string
  /** SQL over the alias `q`: who comes first; as that index is sorted. */
  readonly order: string
}

/** One attempt at one row. Every write of its holder names the token; a late one touches nothing. */
export interface Lease {
  readonly id: string
  readonly token: string
  /** This attempt's number, from 1. */
  readonly attempt: number
}

export interface ClaimOptions {
  readonly limit: number
  readonly leaseSeconds: number
  /** More SQL over `q` to choose by, with its parameters as $1, $2 … */
  readonly where?: string
  readonly values?: readonly unknown[]
  /** SQL over `q`, after the claim: further columns to return with each lease, `q.media_url AS url, …`. */
  readonly returning?: string
}

/** The one lease mechanism. The database's clock decides everything. */
export interface LeaseQueue {
  /**
   * Takes up to `limit` rows that no living lease holds and whose time has come, in the queue's order. Rows
   * others lock are skipped. `Extra` is what `returning` adds.
   */
  claim<Extra extends object = object>(sql: Sql, options: ClaimOptions): Promise<(Lease & Extra)[]>
  /** Prolongs leases. @returns the ids still held; the others were lost, their work must stop */
  extend(sql: Sql, leases: readonly Lease[], leaseSeconds: number): Promise<Set<string>>
  /** Gives rows back untried: the attempt does not count. */
  release(sql: Sql, leases: readonly Lease[]): Promise<void>
  /**
   * SQL: whether row `alias` is still held under these leases. Binds two parameters, an array of ids and one of
   * tokens, at `$n` and `$n+1`: `heldBy(leases)` gives their values.
   */
  held(alias: string, n: number): string
  /** SQL: assignments that end the lease and set when the row may be claimed again. */
  ended(notBefore: string): string
}

export function heldBy(leases: readonly Lease[]): [ids: string[], tokens: string[]] {
  return [leases.map((lease) => lease.id), leases.map((lease) => lease.token)]
}

export function leaseQueue(queue: QueueTable): LeaseQueue {
  const { table, id, prefix, pending, order } = queue
  const token = `${prefix}_lease_token`
  const expires = `${prefix}_lease_expires_at`
  const attempts = `${prefix}_attempts`
  const notBefore = `${prefix}_not_before`
  const held = (alias: string, n: number): string =>
    `(${alias}.${id}, ${alias}.${token}) IN (SELECT * FROM unnest($${n}::text[], $${n + 1}::uuid[]))`
  // Rows are locked in the order of their ids: holders that write many rows at once never deadlock.
  const locked = (n: number): string =>
    `WITH locked AS MATERIALIZED (
       SELECT q.${id} AS locked_id FROM ${table} q WHERE ${held('q', n)} ORDER BY q.${id} FOR UPDATE)`
  return {
    async claim<Extra extends object>(
      sql: Sql,
      { limit, leaseSeconds, where = 'true', values = [], returning }: ClaimOptions,
    ) {
      const [limitAt, secondsAt, tokenAt] = [1, 2, 3].map((n) => `$${values.length + n}`)
      const lease = randomUUID()
      const extra = returning ? `, ${returning}` : ''
      const claimed = await sql.query<{ id: string; attempt: number } & Extra>(
        `WITH picked AS MATERIALIZED (
           SELECT q.${id} AS picked_id FROM ${table} q
           WHERE ${pending} AND (${where})
             AND (q.${notBefore} IS NULL OR q.${notBefore} <= now())
             AND (q.${expires} IS NULL OR q.${expires} < now())
           ORDER BY ${order} LIMIT ${limitAt} FOR UPDATE OF q SKIP LOCKED),
         claimed AS (
           UPDATE ${table} q SET ${token} = ${tokenAt}, ${attempts} = q.${attempts} + 1,
             ${expires} = now() + make_interval(secs => ${secondsAt})
           FROM picked WHERE q.${id} = picked.picked_id RETURNING q.*)
         SELECT q.${id} AS id, q.${attempts} AS attempt${extra} FROM claimed q ORDER BY ${order}`,
        [...values, limit, leaseSeconds, lease],
      )
      return claimed.rows.map((row) => ({ ...row, token: lease }))
    },
    async extend(sql, leases, leaseSeconds) {
      const kept = await sql.query<{ id: string }>(
        `${locked(1)}
         UPDATE ${table} q SET ${expires} = now() + make_interval(secs => $3)
         FROM locked WHERE q.${id} = locked.locked_id AND ${held('q', 1)} RETURNING q.${id} AS id`,
        [...heldBy(leases), leaseSeconds],
      )
      return new Set(kept.rows.map((row) => row.id))
    },
    async release(sql, leases) {
      await sql.query(
        `${locked(1)}
         UPDATE ${table} q SET ${token} = NULL, ${expires} = NULL, ${attempts} = greatest(q.${attempts} - 1, 0)
         FROM locked WHERE q.${id} = locked.locked_id AND ${held('q', 1)}`,
        heldBy(leases),
      )
    },
    held,
    ended: (when) => `${token} = NULL, ${expires} = NULL, ${notBefore} = ${when}`,
  }
}
