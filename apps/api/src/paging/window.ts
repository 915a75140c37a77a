import { decodeCursor, type CursorKind, type Position } from './cursor.ts'

export const DEFAULT_PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 100
/** What is skipped is read off the index all the same; the start cursor of a month brings one near. */
const MAX_SKIP = 1_000_000

/** The paging arguments of a connection, as Relay has them. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly after?: string | null | undefined
  /** Rows left out before the first: for a jump into the middle of a list. Goes with `first`. */
  readonly skip?: number | null | undefined
}

/** How a list is ordered: by a column, rows without a value in it at the end, then by the key. */
export interface Order {
  /** Goes into cursors. */
  readonly name: string
  /** SQL of the column. */
  readonly column: string
  readonly kind: CursorKind
  readonly nullable: boolean
  /** SQL of the unique key. */
  readonly key: string
  readonly keyKind: CursorKind
  readonly descending: boolean
}

/** Which part of an ordered list is wanted. */
export interface Window {
  readonly order: Order
  readonly size: number
  /** The last of the part, not the first. */
  readonly backward: boolean
  readonly after?: Position | undefined
  readonly before?: Position | undefined
  readonly skip: number
}

/** Paging arguments that contradict one another or ask for too much. */
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
