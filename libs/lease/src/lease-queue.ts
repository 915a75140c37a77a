import { randomUUID } from 'node:crypto'
import { unseen, type Sql } from '@mediakeep/sql'

/**
 * A table whose rows are a queue. Its lease is five columns behind a prefix: `{prefix}_lease_token`,
 * `{prefix}_lease_expires_at`, `{prefix}_not_before`, and two counters. `{prefix}_attempts` counts the attempts that
 * had a result. `{prefix}_deaths` counts the claims whose holder never came back: a claim raises it before
 * any work starts, and every other end of a lease resets it.
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
  /** This attempt's number, from 1; those whose process died are not counted. */
  readonly attempt: number
  /** How many holders before this one died, one after the other. */
  readonly deaths: number
}

/** Rows whose holders died so often, one after the other, are tried alone: they may take the process with them. */
export const SUSPECT_DEATHS = 2
/** After so many, a row is no longer tried by itself: it is parked until somebody asks for it. */
export const MAX_DEATHS = 5

/** What names a lease to those who write under it. */
export type HeldLease = Pick<Lease, 'id' | 'token'>

/** What a claim by lanes takes at most. */
const MOST = 100

export interface ClaimOptions {
  readonly limit: number
  readonly leaseSeconds: number
  /** More SQL over `q` to choose by, with its parameters as $1, $2 … */
  readonly where?: string
  readonly values?: readonly unknown[]
  /** Another order than the queue's; as the index is sorted that `where` chooses. */
  readonly order?: string
  /**
   * A FROM item of lanes, tried one after the other until the limit, at most 100, is reached: `where` may speak of
   * its columns.
   */
  readonly lanes?: string
  /** Keeps the plan: for claims that are made often. */
  readonly prepare?: boolean
  /** Rows of other tables to be locked with each: a join with `q`, and their alias. Locked ones are skipped, too. */
  readonly with?: { readonly join: string; readonly alias: string }
  /** Further assignments to the claimed rows. */
  readonly set?: string
  /** Common table expressions that write what follows from the claim; `claimed` holds the leased rows. */
  readonly then?: string
  /** SQL over `q`, after the claim: further columns to return with each lease, `q.media_url AS url, …`. */
  readonly returning?: string
  /** Joins with `q` that `returning` reads. */
  readonly from?: string
}

/** The one lease mechanism. The database's clock decides everything. */
export interface LeaseQueue {
  /**
   * Takes up to `limit` rows that no living lease holds and whose time has come, in the queue's order. Rows
   * others lock are skipped. `Extra` is what `returning` adds.
   */
  claim<Extra extends object = object>(sql: Sql, options: ClaimOptions): Promise<(Lease & Extra)[]>
  /** Prolongs leases. @returns the ids still held; the others were lost, their work must stop */
  extend(sql: Sql, leases: readonly HeldLease[], leaseSeconds: number): Promise<Set<string>>
  /** Gives rows back untried: nothing counts. */
  release(sql: Sql, leases: readonly HeldLease[]): Promise<void>
  /**
   * SQL: whether row `alias` is still held under these leases. Binds two parameters, an array of ids and one of
   * tokens, at `$n` and `$n+1`: `heldBy(leases)` gives their values.
   */
  held(alias: string, n: number): string
  /**
   * SQL: assignments that end the lease and set when the row may be claimed again. No attempt is counted.
   * @param deaths SQL: how many there were; not 0 only where a holder died
   */
  ended(notBefore: string, deaths?: string): string
  /** The same after an attempt that had a result, be it a failure: it is counted. */
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
  // Rows are locked in the order of their ids: holders that write many rows at once never deadlock. Who writes them
  // afterwards need not look at the tokens again: nobody else can have changed them.
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

function claimStatement(queue: QueueTable, options: ClaimOptions): string {
  const { table, id } = queue
  const { token, expires, attempts, deaths } = leaseColumns(queue)
  const { values = [], order = queue.order, set, then, returning, from = '' } = options
  const limit = values.length + 1
  const [limitAt, secondsAt, tokenAt] = [0, 1, 2].map((n) => `$${limit + n}`)
  // The inner limit lets the planner expect few rows, whatever the parameter; rows are locked as they are asked for.
  const pick = pickStatement(queue, options, options.lanes ? String(MOST) : limitAt!)
  const lanes = `SELECT p.picked_id FROM ${options.lanes ?? ''} CROSS JOIN LATERAL (${pick}) p LIMIT ${unseen(limit, 'bigint')}`
  return `WITH picked AS MATERIALIZED (${options.lanes ? lanes : pick}),
    claimed AS (
      UPDATE ${table} q SET ${token} = ${tokenAt!}, ${deaths} = q.${deaths} + 1,
        ${expires} = now() + make_interval(secs => ${secondsAt!})${set ? `, ${set}` : ''}
      FROM picked WHERE q.${id} = picked.picked_id RETURNING q.*)${then ? `, ${then}` : ''}
    SELECT q.${id} AS id, q.${attempts} + 1 AS attempt, q.${deaths} - 1 AS deaths${returning ? `, ${returning}` : ''}
    FROM claimed q ${from} ORDER BY ${order}`
}

function pickStatement(queue: QueueTable, options: ClaimOptions, limitAt: string): string {
  const { expires, notBefore } = leaseColumns(queue)
  const { where = 'true', order = queue.order, with: other } = options
  return `SELECT q.${queue.id} AS picked_id FROM ${queue.table} q ${other?.join ?? ''}
    WHERE ${queue.pending} AND (${where})
      AND (q.${notBefore} IS NULL OR q.${notBefore} <= now())
      AND (q.${expires} IS NULL OR q.${expires} < now())
    ORDER BY ${order} LIMIT ${limitAt} FOR UPDATE OF q SKIP LOCKED
    ${other ? `FOR NO KEY UPDATE OF ${other.alias} SKIP LOCKED` : ''}`
}
