import { actorJson } from '@mediakeep/custody'
import { MAX_DEATHS } from '@mediakeep/lease'
import { backoff, withJitter, type Database, type Sql } from '@mediakeep/sql'
import { logRest } from './project.ts'
import { isLeaseKey, MAX_ATTEMPTS, type AnalysisUsage, type LeaseKey } from './queue.ts'
import type { CheckedResult } from './result.ts'
import { addRefused, lockHeldContents, settleCounted, settleUncounted } from './endings.sql.ts'

/** The end of one attempt. */
export interface Ending extends LeaseKey, AnalysisUsage {
  readonly event: 'completed' | 'failed' | 'released' | 'expired'
  /** Set when completed. */
  readonly checked?: CheckedResult
  /** Set when failed. */
  readonly error?: string
  readonly retryable?: boolean
}

export type AnalysisState = 'pending' | 'completed' | 'failed'

/** Separates analyses that failed at the same moment. */
const JITTER = [0.8, 1.2] as const
const FIRST_RETRY_SECONDS = 10
const LONGEST_RETRY_SECONDS = 3600
const RETRY = { first: FIRST_RETRY_SECONDS, longest: LONGEST_RETRY_SECONDS, jitter: JITTER }
/** Indexed by consecutive deaths: a series of restarts must not use up all of a row's chances. */
const DEATH_SECONDS = [0, 0, 0, 60, 600]

/** @returns the state of each analysis; undefined where the lease was lost, in which case only a counter is written */
export async function endAttempts(
  db: Database,
  endings: readonly Ending[],
): Promise<(AnalysisState | undefined)[]> {
  const usable = endings.filter(isLeaseKey)
  const states =
    usable.length === 0
      ? new Map<string, AnalysisState>()
      : await db.transaction(async (sql) => {
          const written = new Map<string, AnalysisState>()
          const rounds = await lockContents(sql, usable)
          for (const round of rounds) await writeRound(sql, round, written, round === rounds.at(-1))
          return written
        })
  const outcome = endings.map(({ id, token }) => {
    const state = states.get(keyOf(id, token))
    // If it is handed in twice at once, the second one no longer holds the lease.
    states.delete(keyOf(id, token))
    return state
  })
  const refused = endings.filter(({ event }, n) => outcome[n] === undefined && event !== 'expired').length
  if (refused > 0) await countRefused(db, refused)
  return outcome
}

const keyOf = (id: string, token: string): string => `${id} ${token.toLowerCase()}`

/** The database's data on an attempt whose lease is still held. */
interface Held {
  readonly id: string
  readonly sha256: string
  readonly analyser: string
  readonly version: string
  readonly attempt: number
  /** Consecutive deaths of holders, including this one if it died. */
  readonly deaths: number
  readonly worker: string | null
  readonly error: string | null
}

interface HeldEnding extends Ending {
  readonly held: Held
}

/**
 * Locks the contents against other writers of their rows, such as another analyser's hand-in or a download that adds
 * a row. The next step is a separate statement, so that it sees what they wrote.
 *
 * @returns the endings in rounds, each with at most one analysis per content
 */
async function lockContents(sql: Sql, endings: readonly Ending[]): Promise<HeldEnding[][]> {
  const { rows } = await lockHeldContents(
    sql,
    [endings.map(({ id }) => id), endings.map(({ token }) => token)],
    { prepare: true },
  )
  const unheard = new Map(rows.map((held) => [held.id, held]))
  const rounds: HeldEnding[][] = []
  const seen = new Map<string, number>()
  for (const ending of endings) {
    const held = unheard.get(ending.id)
    if (!held) continue
    unheard.delete(ending.id)
    const round = seen.get(held.sha256) ?? 0
    seen.set(held.sha256, round + 1)
    rounds[round] ??= []
    rounds[round].push({ ...ending, held })
  }
  return rounds
}

async function writeRound(
  sql: Sql,
  round: readonly HeldEnding[],
  states: Map<string, AnalysisState>,
  isLast: boolean,
): Promise<void> {
  const column = <Value>(value: (ending: HeldEnding, n: number) => Value | undefined): (Value | null)[] =>
    round.map((ending, n) => value(ending, n) ?? null)
  const next = round.map(nextState)
  const counts = round.some(({ tokensUsed = 0, costUsd = 0 }) => tokensUsed > 0 || costUsd > 0)
  const settle = counts ? settleCounted : settleUncounted
  const { rows } = await settle(
    sql,
    [
      column(({ id }) => id),
      column(({ token }) => token),
      column(({ event }) => event === 'expired'),
      column((_, n) => next[n]!.state),
      column((_, n) => next[n]!.wait),
      column(({ event, held }) =>
        event === 'completed' || event === 'failed' ? held.attempt : held.attempt - 1,
      ),
      column((ending) => errorOf(ending)),
      column(({ checked }) => checked?.json),
      column(({ checked }) => checked?.findings.searchText),
      column(({ checked }) => checked?.findings.perceptualHash),
      column(({ checked }) => checked?.findings.thumbhash),
      column(({ checked }) => checked?.findings.dominantColor),
      column(({ model }) => model),
      column(({ tokensUsed }) => tokensUsed && Math.round(tokensUsed)),
      column(({ costUsd }) => costUsd),
      column(({ durationMs }) => durationMs && Math.round(durationMs)),
      column((ending, n) => entryOf(ending, next[n]!)),
      actorJson(),
    ],
    { prepare: true, isLast },
  )
  const tokens = new Map(round.map(({ id, token }) => [id, token]))
  for (const { id, state } of rows) states.set(keyOf(id, tokens.get(id)!), state)
}

interface NextState {
  readonly state: AnalysisState
  /** Seconds until it may be claimed again. */
  readonly wait?: number
}

function nextState({ event, retryable, held: { attempt, deaths } }: HeldEnding): NextState {
  if (event === 'completed') return { state: 'completed' }
  if (event === 'released') return { state: 'pending', wait: 0 }
  if (event === 'expired') {
    return deaths >= MAX_DEATHS
      ? { state: 'failed' }
      : { state: 'pending', wait: withJitter(DEATH_SECONDS[deaths] ?? 0, JITTER) }
  }
  if (attempt >= MAX_ATTEMPTS || retryable !== true) return { state: 'failed' }
  return { state: 'pending', wait: backoff(attempt, RETRY) }
}

function errorOf({ event, error, held }: HeldEnding): string | undefined {
  if (event === 'completed') return undefined
  if (event === 'expired')
    return `the lease expired${held.deaths > 1 ? ` ${held.deaths} times in a row` : ''}`
  return error ?? held.error ?? undefined
}

function entryOf(ending: HeldEnding, { wait }: NextState): string {
  const { event, held, model, durationMs, tokensUsed, costUsd } = ending
  return logRest(
    `ai_analysis_${event}`,
    {
      ...{ analyser: held.analyser, version: held.version, attempt: held.attempt },
      worker: held.worker ?? undefined,
      analysis_time_ms: durationMs && Math.round(durationMs),
      tokens_used: tokensUsed,
      cost_usd: costUsd,
      error: event === 'failed' ? ending.error : undefined,
      retry_in_seconds: event === 'failed' && wait !== undefined ? Math.round(wait) : undefined,
    },
    model,
  )
}

async function countRefused(sql: Sql, refused: number): Promise<void> {
  await addRefused(sql, [refused])
}
