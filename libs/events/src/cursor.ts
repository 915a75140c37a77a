import { InvalidCursorError } from './errors.ts'

/**
 * A position in the log: all events up to number `after` were seen, and `seen` changes of the event after it.
 * As text: `5e0c1a2b-12`, or `5e0c1a2b-12.3` if the first three changes of event 13 were also seen.
 */
export interface EventCursor {
  /** The epoch of the log it belongs to; undefined in cursors created before epochs were introduced. */
  readonly epoch: string | undefined
  readonly after: number
  readonly seen: number
}

/** Returns the cursor after change `index` (from 0) of event `number`, which has `length` changes. */
export function cursorBehind(
  epoch: string | undefined,
  number: number,
  index: number,
  length: number,
): EventCursor {
  return index === length - 1
    ? { epoch, after: number, seen: 0 }
    : { epoch, after: number - 1, seen: index + 1 }
}

export function formatCursor({ epoch, after, seen }: EventCursor): string {
  const place = seen === 0 ? String(after) : `${after}.${seen}`
  return epoch === undefined ? place : `${epoch}-${place}`
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): EventCursor {
  const match = /^(?:([0-9a-f]{8})-)?(\d{1,16})(?:\.(\d{1,9}))?$/.exec(text)
  const cursor = match && { epoch: match[1], after: Number(match[2]), seen: Number(match[3] ?? 0) }
  if (!cursor || !Number.isSafeInteger(cursor.after))
    throw new InvalidCursorError(`"${text.slice(0, 40)}" is not a cursor of the event log.`)
  return cursor
}

/** Negative if `one` precedes `other` in the same epoch, 0 if they are equal. */
export function compareCursors(one: EventCursor, other: EventCursor): number {
  return one.after - other.after || one.seen - other.seen
}
