import { decodeCursor, type CursorKind, type Position } from './cursor.ts'

export const DEFAULT_PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 100
/** Skipped rows are still read from the index; the start cursor of a month avoids most of that. */
const MAX_SKIP = 1_000_000

/** The paging arguments of a connection, as in Relay. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly after?: string | null | undefined
  /** Number of rows to leave out before the first, to jump into the middle of a list. Only with `first`. */
  readonly skip?: number | null | undefined
}

/** The order of a list: by a column, then by the key; rows without a value in the column come last. */
export interface Order {
  /** Used in cursors. */
  readonly name: string
  /** The column as SQL. */
  readonly column: string
  readonly kind: CursorKind
  readonly nullable: boolean
  /** The unique key as SQL. */
  readonly key: string
  readonly keyKind: CursorKind
  readonly descending: boolean
}

/** The requested part of an ordered list. */
export interface Window {
  readonly order: Order
  readonly size: number
  /** True: take the last rows of the part, not the first. */
  readonly backward: boolean
  readonly after?: Position | undefined
  readonly before?: Position | undefined
  readonly skip: number
}

/** The paging arguments contradict each other or ask for too much. */
export class InvalidPageError extends Error {
  override readonly name = 'InvalidPageError'
  readonly code = 'invalid_page'
}

/** @throws InvalidPageError @throws InvalidCursorError */
export function toWindow(order: Order, { first, last, before, after, skip }: PageArguments): Window {
  if (typeof first === 'number' && typeof last === 'number')
    throw new InvalidPageError('Give "first" or "last", not both.')
  const backward = typeof last === 'number'
  if (typeof skip === 'number' && (backward || skip < 0 || skip > MAX_SKIP))
    throw new InvalidPageError(`"skip" goes with "first", and must be between 0 and ${MAX_SKIP}.`)
  const size = first ?? last ?? DEFAULT_PAGE_SIZE
  if (size < 0 || size > MAX_PAGE_SIZE)
    throw new InvalidPageError(`"${backward ? 'last' : 'first'}" must be between 0 and ${MAX_PAGE_SIZE}.`)
  return {
    order,
    size,
    backward,
    skip: skip ?? 0,
    after: typeof after === 'string' ? decodeCursor(order, after) : undefined,
    before: typeof before === 'string' ? decodeCursor(order, before) : undefined,
  }
}
