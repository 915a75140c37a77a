import type { Database, Sql } from '@mediakeep/sql'
import { AnalysisRangeError } from './errors.ts'
import { analysisQueue, MAX_ATTEMPTS, type AnalysisUsage, type LeaseKey } from './queue.ts'
import { checkResult, type CheckedResult } from './result.ts'
import { SETTLE } from './settle-sql.ts'

export interface CompletedAnalysis extends LeaseKey {
  /** A JSON object; see `checkResult`. */
  readonly result: unknown
  readonly usage?: AnalysisUsage | undefined
}

export interface FailedAnalysis extends LeaseKey {
  readonly error: string
  /** Whether another attempt may succeed. */
  readonly retryable: boolean
  readonly usage?: AnalysisUsage | undefined
}

const MAX_ERROR = 2_000
const EXPIRED_AT_ONCE = 200

/**
 * Hands in results. `refused`: the lease was lost or is ended, and nothing is written of it but a count.
 * @throws AnalysisResultError before anything is written: the leases go on
 */
export async function completeAnalyses(
  db: Database,
  items: readonly CompletedAnalysis[],
): Promise<('completed' | 'refused')[]> {
  const endings = items.map(({ id, token, result, usage }) => ({
    ...{ id, token, event: 'completed' as const, ...usage },
    checked: checkResult(result),
  }))
  const states = await settle(db, endings)
  return states.map((state) => (state === undefined ? 'refused' : 'completed'))
}

/** Ends attempts that brought nothing. `retry`: another follows, later; `failed`: that was the last. */
export async function failAnalyses(
  db: Database,
  items: readonly FailedAnalysis[],
): Promise<('retry' | 'failed' | 'refused')[]> {
  const endings = items.map(({ id, token, error, retryable, usage }) => ({
    ...{ id, token, event: 'failed' as const, retryable, ...usage },
    error: error.replaceAll('\0', '').toWellFormed().slice(0, MAX_ERROR).toWellFormed(),
  }))
  const states = await settle(db, endings)
  return states.map((state) => (state === undefined ? 'refused' : state === 'failed' ? 'failed' : 'retry'))
}

/** Gives leases back untried: they can be claimed again at once, and the attempt does not count. */
export async function releaseAnalyses(db: Database, leases: readonly LeaseKey[]): Promise<void> {
  await settle(
    db,
    leases.map(({ id, token }) => ({ id, token, event: 'released' as const })),
  )
}

/** Prolongs leases, from now. @returns the ids still held; the work of the others must stop */
export async function extendAnalyses(
  sql: Sql,
  leases: readonly LeaseKey[],
  leaseSeconds: number,
): Promise<Set<string>> {
  if (!(leaseSeconds > 0 && leaseSeconds <= 24 * 3600)) {
    throw new AnalysisRangeError('A lease lasts up to a day')
  }
  return await analysisQueue.extend(sql, leases.map(toLease), leaseSeconds)
}

/** Gives back what its holders let expire; what did so too often stays failed. @returns how many */
export async function expireAnalyses(db: Database): Promise<number> {
  let expired = 0
  for (;;) {
    const { rows } = await db.query<LeaseKey>(
      `SELECT q.analysis_id AS id, q.analysis_lease_token AS token FROM mediakeep.analyses q
       WHERE q.analysis_lease_token IS NOT NULL AND q.analysis_lease_expires_at < now()
       ORDER BY q.analysis_lease_expires_at LIMIT ${EXPIRED_AT_ONCE}`,
    )
    if (rows.length === 0) return expired
    const states = await settle(
      db,
      rows.map(({ id, token }) => ({ id, token, event: 'expired' as const })),
    )
    expired += states.filter((state) => state !== undefined).length
    if (rows.length < EXPIRED_AT_ONCE) return expired
  }
}

interface Ending extends LeaseKey, AnalysisUsage {
  readonly event: 'completed' | 'failed' | 'released' | 'expired'
  readonly checked?: CheckedResult
  readonly error?: string
  readonly retryable?: boolean
}

const toLease = ({ id, token }: LeaseKey) => ({ id, token, attempt: 0 })
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @returns the state of each analysis, or undefined where the lease was lost and nothing was written */
async function settle(db: Database, endings: readonly Ending[]): Promise<(string | undefined)[]> {
  const states = new Map<string, string>()
  const usable = endings.filter(({ token }) => UUID.test(token))
  if (usable.length > 0) {
    await db.transaction(async (sql) => {
      for (const round of await lockContents(sql, usable)) await writeRound(sql, round, states)
    })
  }
  const outcome = endings.map(({ id, token }) => states.get(`${id} ${token.toLowerCase()}`))
  const refused = endings.filter(({ event }, n) => outcome[n] === undefined && event !== 'expired').length
  if (refused > 0) await countRefused(db, refused)
  return outcome
}

/**
 * Locks the contents, for what else writes on their rows: another analyser's hand-in, a download that brings one
 * more. What follows is a statement of its own, so that it sees what they have written.
 *
 * @returns the endings in rounds, of one analysis a content each
 */
async function lockContents(sql: Sql, endings: readonly Ending[]): Promise<Ending[][]> {
  const { rows } = await sql.query<{ id: string; sha256: string }>(
    `SELECT q.analysis_id AS id, c.sha256_sum AS sha256
     FROM unnest($1::text[], $2::uuid[]) h (id, token)
     JOIN mediakeep.analyses q ON q.analysis_id = h.id AND q.analysis_lease_token = h.token
     JOIN mediakeep.contents c ON c.sha256_sum = q.sha256_sum
     ORDER BY c.sha256_sum FOR NO KEY UPDATE OF c`,
    [endings.map(({ id }) => id), endings.map(({ token }) => token)],
  )
  const contents = new Map(rows.map(({ id, sha256 }) => [id, sha256]))
  const rounds: Ending[][] = []
  const seen = new Map<string, number>()
  const ids = new Set<string>()
  for (const ending of endings) {
    const sha256 = contents.get(ending.id)
    if (sha256 === undefined || ids.has(ending.id)) continue
    ids.add(ending.id)
    const round = seen.get(sha256) ?? 0
    seen.set(sha256, round + 1)
    rounds[round] ??= []
    rounds[round].push(ending)
  }
  return rounds
}

async function writeRound(sql: Sql, round: readonly Ending[], states: Map<string, string>): Promise<void> {
  const column = <Value>(value: (ending: Ending) => Value | undefined): (Value | null)[] =>
    round.map((ending) => value(ending) ?? null)
  const { rows } = await sql.query<{ id: string; state: string }>(SETTLE, [
    column(({ id }) => id),
    column(({ token }) => token.toLowerCase()),
    column(({ event }) => event),
    column(({ retryable }) => retryable),
    column(({ error }) => error),
    column(({ checked }) => checked?.json),
    column(({ checked }) => checked?.findings.searchText),
    column(({ checked }) => checked?.findings.perceptualHash),
    column(({ checked }) => checked?.findings.thumbhash),
    column(({ checked }) => checked?.findings.dominantColor),
    column(({ model }) => model),
    column(({ tokensUsed }) => tokensUsed),
    column(({ costUsd }) => costUsd),
    column(({ durationMs }) => durationMs && Math.round(durationMs)),
    MAX_ATTEMPTS,
  ])
  const tokens = new Map(round.map(({ id, token }) => [id, token.toLowerCase()]))
  for (const { id, state } of rows) states.set(`${id} ${tokens.get(id)!}`, state)
}

async function countRefused(sql: Sql, refused: number): Promise<void> {
  await sql.query(
    `INSERT INTO mediakeep.counters AS c (name, value) VALUES ('analysis_refused', $1)
     ON CONFLICT (name) DO UPDATE SET value = c.value + excluded.value, updated_at = now()`,
    [refused],
  )
}
