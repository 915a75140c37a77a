import type { Sql } from '@mediakeep/sql'
import type { EventCursor } from './cursor.ts'
import { readSharedLog, renewEpoch } from './epoch.ts'
import { CursorExpiredError } from './errors.ts'
import { readEvents, type LoggedEvent } from './read-events.ts'
import { endOfLog, EVENTS_CHANNEL } from './sequence-events.ts'
import { openSequencer } from './sequencer.ts'
import { openWaker } from './waker.ts'

/** Hears a channel of the database. `onSignal` is called at each message, and whenever something may have been missed. */
export type Listen = (
  channel: string,
  onSignal: () => void,
) => { readonly isHearing: boolean; close(): Promise<void> }

export interface TailOptions {
  readonly sql: Sql
  /** Without it, the log is polled at full pace. */
  readonly listen?: Listen | undefined
  /** Told where the end of the log is, before anything is taken. */
  readonly onBegin?: (end: EventCursor) => void
  /**
   * Told that the database is another one than before: it was restored, or another server took over. Events behind
   * `from` follow; those that were taken beyond it do not exist any more.
   */
  readonly onNewEpoch?: (from: EventCursor) => void
  /** Takes events in order; the next are read when it resolves. Where it rejects, it is given them again. */
  readonly onEvents: (events: readonly LoggedEvent[]) => Promise<void>
  /** Told that events were pruned before they were taken; those behind `pruned` follow. */
  readonly onGap: (error: CursorExpiredError) => void
  /** Told of failures of the database; the tail goes on by itself. */
  readonly onError: (error: unknown) => void
  /** How often committed events are looked for; 40 unless given. */
  readonly pollMs?: number
}

/** The end of the log, followed by one reader a process. */
export interface Tail {
  close(): Promise<void>
}

const EVENTS_A_READ = 64
/** How often a process looks while it hears another one number events. */
const RELAXED_MS = 1000
/** However often it is woken: what many writers commit meanwhile is numbered together. */
const LEAST_PAUSE_MS = 8
const LONGEST_PAUSE_MS = 2000

/**
 * Follows the log from its end: numbers what is committed, and hands over what is numbered, by whomever. It looks
 * often, as writers say nothing; where it hears another process number events, seldom. After a failure it goes on
 * from the last event that was taken, or from the oldest that is not pruned.
 *
 * @throws the database's error when the end of the log cannot be read
 */
export async function openTail(options: TailOptions): Promise<Tail> {
  const { sql, listen, onBegin, onError, pollMs = 40 } = options
  await renewEpoch(sql)
  const begin = await endOfLog(sql)
  onBegin?.(begin)
  const closing = new AbortController()
  const waker = openWaker(closing.signal, LEAST_PAUSE_MS)
  const signals = listen?.(EVENTS_CHANNEL, waker.wake)
  const sequencer = openSequencer(sql)
  const state: TailState = { epoch: begin.epoch, position: begin.after }
  const follow = async (): Promise<void> => {
    let [failures, relaxedUntil] = [0, 0]
    while (!closing.signal.aborted) {
      try {
        const { numbered, last, epoch } = await sequencer.round()
        if (epoch !== state.epoch) await enterEpoch(options, state)
        const isWorkOfOthers = numbered === 0 && last > state.position
        if (numbered > 0) relaxedUntil = 0
        else if (isWorkOfOthers) relaxedUntil = performance.now() + 2 * RELAXED_MS
        await handOver(options, state, last, closing.signal)
        failures = 0
        const isRelaxed = signals?.isHearing === true && performance.now() < relaxedUntil
        await waker.wait(isRelaxed ? RELAXED_MS : pollMs)
      } catch (error) {
        onError(error)
        await waker.wait(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures++))
      }
    }
  }
  const following = follow()
  return {
    async close() {
      closing.abort()
      await Promise.all([following, signals?.close()])
    },
  }
}

interface TailState {
  epoch: string | undefined
  position: number
}

async function enterEpoch({ sql, onNewEpoch }: TailOptions, state: TailState): Promise<void> {
  const { epoch, last, shared } = await readSharedLog(sql, state.epoch)
  state.position = Math.min(state.position, shared ?? last)
  state.epoch = epoch
  onNewEpoch?.({ epoch, after: state.position, seen: 0 })
}

async function handOver(
  options: TailOptions,
  state: TailState,
  last: number,
  signal: AbortSignal,
): Promise<void> {
  while (state.position < last && !signal.aborted) {
    const events = await readOn(options, state)
    if (events.length === 0) return
    await options.onEvents(events)
    state.position = events.at(-1)!.number
  }
}

/** What is pruned never comes: a process that slept for longer than events are kept goes on behind it. */
async function readOn({ sql, onGap }: TailOptions, state: TailState): Promise<readonly LoggedEvent[]> {
  const read = (): Promise<LoggedEvent[]> => readEvents(sql, state.position, { limit: EVENTS_A_READ })
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof CursorExpiredError)) throw error
    onGap(error)
    state.position = error.pruned
    return await read()
  }
}
