import { backoff, type Sql } from '@mediakeep/sql'
import type { EventCursor } from './cursor.ts'
import { readSharedLog, renewEpoch } from './epoch.ts'
import { CursorExpiredError } from './errors.ts'
import { readEvents, type LoggedEvent } from './read-events.ts'
import { endOfLog, EVENTS_CHANNEL } from './sequence-events.ts'
import { openSequencer } from './sequencer.ts'
import { openWaker } from './waker.ts'

/** Listens on a database channel. Calls `onSignal` for each message, and whenever one may have been missed. */
export type Listen = (
  channel: string,
  onSignal: () => void,
) => { readonly isHearing: boolean; close(): Promise<void> }

export interface TailOptions {
  readonly sql: Sql
  /** If absent, the log is always polled at the full rate. */
  readonly listen?: Listen | undefined
  /** Receives the end of the log before any events are delivered. */
  readonly onBegin?: (end: EventCursor) => void
  /**
   * Called when the database has changed: it was restored, or another server took over. Events after `from` follow;
   * events delivered beyond it no longer exist.
   */
  readonly onNewEpoch?: (from: EventCursor) => void
  /** Receives events in order; the next ones are read when it resolves. If it rejects, it gets the same ones again. */
  readonly onEvents: (events: readonly LoggedEvent[]) => Promise<void>
  /** Called if events were pruned before they were delivered; those after `pruned` follow. */
  readonly onGap: (error: CursorExpiredError) => void
  /** Receives database errors; the tail recovers by itself. */
  readonly onError: (error: unknown) => void
  /** Polling interval for committed events, in milliseconds; default 40. */
  readonly pollMs?: number
}

/** Follows the end of the log, one reader per process. */
export interface Tail {
  close(): Promise<void>
}

const EVENTS_A_READ = 64
/** Polling interval while another process is heard numbering events, in milliseconds. */
const RELAXED_MS = 1000
/** Minimum pause, however often it is woken: events that many writers commit meanwhile are numbered together. */
const LEAST_PAUSE_MS = 8
const LONGEST_PAUSE_MS = 2000

/**
 * Follows the log from its end: numbers committed events and delivers numbered ones, whichever process numbered them.
 * Polls often, because writers send no signal; polls rarely while it hears another process number events. After a
 * failure it resumes after the last delivered event, or at the oldest one that is not pruned.
 *
 * @throws the database's error if the end of the log cannot be read
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
        await waker.wait(backoff(++failures, { first: 50, longest: LONGEST_PAUSE_MS }))
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

/** Skips pruned events: a process that slept for longer than events are kept resumes after them. */
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
