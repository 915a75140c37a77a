import { randomUUID } from 'node:crypto'
import type { Sql } from '@mediakeep/sql'

/**
 * A table whose rows are a queue. Its lease uses five columns with a prefix: `{prefix}_lease_token`,
 * `{prefix}_lease_expires_at`, `{prefix}_not_before`, and two counters. `{prefix}_attempts` counts the attempts that
 * had a result. `{prefix}_deaths` counts the claims whose holder died: a claim increments it before any work
 * starts, and every other end of a lease resets it.
 */
export interface QueueTable {
  /** Includes the schema: `mediakeep.contents`. */
  readonly table: string
  /** Primary key column, of type text. */
  readonly id: string
  readonly prefix: string
  /** SQL over the alias `q`: selects pending rows. It must imply the predicate of a partial index. */
  readonly pending: string
  /** SQL over the alias `q`: the claim order, which must match that index. */
  readonly order: string
}

/** One attempt at one row. All writes of its holder check the token, so a late one changes nothing. */
export interface Lease {
  readonly id: string
  readonly token: string
  /** This attempt's number, from 1; attempts whose process died are not counted. */
  readonly attempt: number
  /** Number of consecutive holders that died before this one. */
  readonly deaths: number
}

/** Rows with this many consecutive deaths are tried alone: they may kill the process. */
export const SUSPECT_DEATHS = 2
/** After this many deaths, a row is parked and only retried on request. */
export const MAX_DEATHS = 5

/** Identifies a lease for writes under it. */
export type HeldLease = Pick<Lease, 'id' | 'token'>

export interface ClaimOptions {
  readonly limit: number
  readonly leaseSeconds: number
  /** Additional SQL condition over `q`, with its parameters as $1, $2 … */
  readonly where?: string
  readonly values?: readonly unknown[]
  /** Replaces the queue's order; must match the index that `where` uses. */
  readonly order?: string
  /** Keeps the plan, for frequent claims. */
  readonly prepare?: boolean
  /** SQL over `q`, after the claim: additional columns to return with each lease, `q.media_url AS url, …`. */
  readonly returning?: string
}

/** The one lease mechanism. The database's clock decides everything. */
export interface LeaseQueue {
  /**
   * Takes up to `limit` rows that are due and have no live lease, in the queue's order. Skips rows locked by
   * others. `Extra` has the columns of `returning`.
   */
  claim<Extra extends object = object>(sql: Sql, options: ClaimOptions): Promise<(Lease & Extra)[]>
  /** Extends leases. @returns the ids still held; the others were lost, so their work must stop */
  extend(sql: Sql, leases: readonly HeldLease[], leaseSeconds: number): Promise<Set<string>>
  /** Gives rows back untried; no counter increases. */
  release(sql: Sql, leases: readonly HeldLease[]): Promise<void>
  /**
   * SQL: true if row `alias` is still held under these leases. Binds two parameters, an array of ids and one of
   * tokens, at `$n` and `$n+1`: `heldBy(leases)` returns their values.
   */
  held(alias: string, n: number): string
  /**
   * SQL: assignments that end the lease and set when the row may be claimed again. Does not count an attempt.
   * @param deaths SQL: the new number of deaths; not 0 only if a holder died
   */
  ended(notBefore: string, deaths?: string): string
  /** Like `ended`, for an attempt with a result, including a failure: counts it. */
  tried(notBefore: string): string
}

export function heldBy(leases: readonly HeldLease[]): [ids: string[], tokens: string[]] {
  return [leases.map((lease) => lease.id), leases.map((lease) => lease.token)]
}

export function leaseQueue(queue: QueueTable): LeaseQueue {
  const { table, id } = queue
  const { token, expires, attempts, deaths, notBefore } = leaseColumns(queue)
  const ended = (when: string, died = '0'): string =>
    `${token} = NULL, ${expires} = NULL, ${deaths} = ${died}, ${notBefore} = ${when}`
  const held = (alias: string, n: number): string =>
    `(${alias}.${id}, ${alias}.${token}) IN (SELECT * FROM unnest($${n}::text[], $${n + 1}::uuid[]))`
  // Rows are locked in id order, so holders that write many rows at once never deadlock. Later writes need not check
  // the tokens again: nobody else can have changed them.
  const locked = (n: number): string =>
    `WITH locked AS MATERIALIZED (
       SELECT q.${id} AS locked_id FROM ${table} q WHERE ${held('q', n)} ORDER BY q.${id} FOR UPDATE)`
  return {
    async claim<Extra extends object = object>(sql: Sql, options: ClaimOptions) {
      const lease = randomUUID()
      const { limit, leaseSeconds, values = [], prepare = false } = options
      const claimed = await sql.query<Omit<Lease, 'token'> & Extra>(
        claimStatement(queue, options),
        [...values, limit, leaseSeconds, lease],
        { prepare },
      )
      return claimed.rows.map((row) => ({ ...row, token: lease }))
    },
    async extend(sql, leases, leaseSeconds) {
      const kept = await sql.query<{ id: string }>(
        `${locked(1)}
         UPDATE ${table} q SET ${expires} = now() + make_interval(secs => $3)
         FROM locked WHERE q.${id} = locked.locked_id RETURNING q.${id} AS id`,
        [...heldBy(leases), leaseSeconds],
      )
      return new Set(kept.rows.map((row) => row.id))
    },
    async release(sql, leases) {
      await sql.query(
        `${locked(1)}
         UPDATE ${table} q SET ${token} = NULL, ${expires} = NULL, ${deaths} = 0
         FROM locked WHERE q.${id} = locked.locked_id`,
        heldBy(leases),
      )
    },
    held,
    ended,
    tried: (when) => `${attempts} = q.${attempts} + 1, ${ended(when)}`,
  }
}

function leaseColumns({
  prefix,
}: QueueTable): Record<'token' | 'expires' | 'attempts' | 'deaths' | 'notBefore', string> {
  return {
    token: `${prefix}_lease_token`,
    expires: `${prefix}_lease_expires_at`,
    attempts: `${prefix}_attempts`,
    deaths: `${prefix}_deaths`,
    notBefore: `${prefix}_not_before`,
  }
}

function claimStatement(queue: QueueTable, { values = [], ...options }: ClaimOptions): string {
  const { table, id, pending } = queue
  const { token, expires, attempts, deaths, notBefore } = leaseColumns(queue)
  const { where = 'true', order = queue.order, returning } = options
  const [limitAt, secondsAt, tokenAt] = [1, 2, 3].map((n) => `$${values.length + n}`)
  // Rows are locked as they are requested.
  return `WITH picked AS MATERIALIZED (
      SELECT q.${id} AS picked_id FROM ${table} q
      WHERE ${pending} AND (${where})
        AND (q.${notBefore} IS NULL OR q.${notBefore} <= now())
        AND (q.${expires} IS NULL OR q.${expires} < now())
      ORDER BY ${order} LIMIT ${limitAt!} FOR UPDATE OF q SKIP LOCKED),
    claimed AS (
      UPDATE ${table} q SET ${token} = ${tokenAt!}, ${deaths} = q.${deaths} + 1,
        ${expires} = now() + make_interval(secs => ${secondsAt!})
      FROM picked WHERE q.${id} = picked.picked_id RETURNING q.*)
    SELECT q.${id} AS id, q.${attempts} + 1 AS attempt, q.${deaths} - 1 AS deaths${returning ? `, ${returning}` : ''}
    FROM claimed q ORDER BY ${order}`
}
