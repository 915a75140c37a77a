import { InvalidCursorError } from './errors.ts'

/**
 * A place in the log: all events up to the number `after` are seen, and of the one that follows so many changes.
 * As text `12`, or `12.3` when the first three changes of event 13 are seen too.
 */
export interface EventCursor {
  readonly after: number
  readonly seen: number
}

/** The place behind change `index` (from 0) of event `number`, which has `length` changes. */
export function cursorBehind(number: number, index: number, length: number): EventCursor {
  return index === length - 1 ? { after: number, seen: 0 } : { after: number - 1, seen: index + 1 }
}

export function formatCursor({ after, seen }: EventCursor): string {
  return seen === 0 ? String(after) : `${after}.${seen}`
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): EventCursor {
  const match = /^(\d{1,16})(?:\.(\d{1,9}))?$/.exec(text)
  const cursor = match && { after: Number(match[1]), seen: Number(match[2] ?? 0) }
  if (!cursor || !Number.isSafeInteger(cursor.after))
    throw new InvalidCursorError(`"${text.slice(0, 40)}" is not a cursor of the event log.`)
  return cursor
}

/** Negative when `one` stands before `other`, 0 at the same place. */
export function compareCursors(one: EventCursor, other: EventCursor): number {
  return one.after - other.after || one.seen - other.seen
}
