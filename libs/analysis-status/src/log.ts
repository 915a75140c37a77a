import { canTransition, InvalidTransitionError, readStatus, type AnalysisStatus } from './status.ts'

/** One entry of `ai_analysis_log`. `status` is the row's status after the event. */
export interface AnalysisLogEvent {
  /** ISO 8601, UTC, milliseconds. */
  readonly timestamp: string
  readonly event: string
  readonly status: AnalysisStatus
  readonly model?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** A log entry that is not an event. */
export class InvalidLogError extends Error {
  override readonly name = 'InvalidLogError'
  readonly code = 'invalid_log'
  /** The entry's index, from 0; undefined if the log is not an array. */
  readonly index: number | undefined
  constructor(reason: string, index?: number, options?: ErrorOptions) {
    super(
      `${index === undefined ? 'The analysis log' : `Entry ${index} of the analysis log`} ${reason}`,
      options,
    )
    this.index = index
  }
}

/**
 * Reads a row's log, oldest event first. Older writers leave null for an empty log, and some store its JSON as text,
 * to which our own events may have been appended since.
 * @throws InvalidLogError
 */
export function readLog(log: unknown): AnalysisLogEvent[] {
  if (log === null || log === undefined) return []
  const entries: unknown = typeof log === 'string' ? [log] : log
  if (!Array.isArray(entries)) throw new InvalidLogError('is not an array')
  return entries.flatMap(entriesOfText).map(readEvent)
}

/** The array in a text entry; any other entry unchanged. */
function entriesOfText(entry: unknown): unknown[] {
  if (typeof entry !== 'string') return [entry]
  try {
    const held: unknown = JSON.parse(entry)
    return Array.isArray(held) ? held : [held]
  } catch {
    return [entry]
  }
}

function readEvent(entry: unknown, index: number): AnalysisLogEvent {
  if (!isObject(entry)) throw new InvalidLogError('is not an object', index)
  const { timestamp, event, status, model, details } = entry
  if (typeof timestamp !== 'string' || Number.isNaN(Date.parse(timestamp))) {
    throw new InvalidLogError('has no timestamp', index)
  }
  if (typeof event !== 'string' || event === '') throw new InvalidLogError('names no event', index)
  return {
    timestamp,
    event,
    status: statusOf(status, index),
    ...(typeof model === 'string' && { model }),
    ...(isObject(details) && { details }),
  }
}

function statusOf(status: unknown, index: number): AnalysisStatus {
  try {
    return readStatus(status)
  } catch (error) {
    throw new InvalidLogError(`has the status ${JSON.stringify(status)}`, index, { cause: error })
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The changes of status that each event may make. A content has several analysers: an event of one of them need not
 * change the row's status, and if one has failed permanently the row stays failed.
 */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  ai_analysis_started: ['not_started>started', 'started>started', 'failed>failed'],
  ai_analysis_completed: ['started>completed', 'started>started', 'started>not_started', 'failed>failed'],
  ai_analysis_failed: ['started>failed', 'started>not_started', 'started>started', 'failed>failed'],
  ai_analysis_expired: ['started>not_started', 'started>failed', 'started>started', 'failed>failed'],
  /** No configured analyser takes this kind of media. */
  ai_analysis_skipped: ['not_started>completed', 'started>completed', 'failed>completed'],
  ai_analysis_released: ['started>not_started', 'started>started', 'failed>failed'],
  ai_analysis_requeued: [
    'completed>not_started',
    'failed>not_started',
    'failed>failed',
    'started>started',
    'started>not_started',
    'not_started>not_started',
  ],
}

/** Changes that a row takes from its content, which was analysed for another row (`details.shared`). */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  ai_analysis_completed: ['not_started>completed', 'failed>completed'],
  ai_analysis_failed: ['not_started>failed'],
}

const ALL_CHANGES = [CHANGES, SHARED].flatMap((changes) => Object.values(changes).flat())

/** All changes of status that events can make; statements must not change a row's status in any other way. */
export const STATUS_CHANGES: Readonly<Record<AnalysisStatus, readonly string[]>> = {
  not_started: changesFrom('not_started'),
  started: changesFrom('started'),
  completed: changesFrom('completed'),
  failed: changesFrom('failed'),
}

function changesFrom(status: AnalysisStatus): string[] {
  const targets = ALL_CHANGES.filter((change) => change.startsWith(`${status}>`)).map(
    (change) => change.split('>')[1]!,
  )
  return [...new Set(targets)].filter((target) => target !== status)
}

/**
 * Replays a log from the beginning. @returns its final status
 * @throws InvalidTransitionError if an event makes a change that it must not make
 * @throws InvalidLogError if timestamps go backwards
 */
export function replayLog(log: readonly AnalysisLogEvent[]): AnalysisStatus {
  let status: AnalysisStatus = 'not_started'
  for (const [index, event] of log.entries()) {
    const before = log[index - 1]
    if (before && Date.parse(event.timestamp) < Date.parse(before.timestamp)) {
      throw new InvalidLogError('is older than the one before it', index)
    }
    if (!mayFollow(status, event)) throw new InvalidTransitionError(status, event.status, event.event)
    status = event.status
  }
  return status
}

function mayFollow(from: AnalysisStatus, { event, status: to, details }: AnalysisLogEvent): boolean {
  if (event === TRUNCATED) return true
  const change = `${from}>${to}`
  if (details?.['shared'] === true && SHARED[event]?.includes(change)) return true
  const changes = CHANGES[event]
  return changes ? changes.includes(change) : from === to || canTransition(from, to)
}

/** Replaces the entries removed from an overlong log; `details.dropped` is their number. */
export const TRUNCATED = 'log_truncated'
