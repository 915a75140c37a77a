import type { Sql } from '@mediakeep/sql'
import { formatCursor, type EventCursor } from './cursor.ts'
import { readSharedLog } from './epoch.ts'
import { CursorExpiredError, CursorUnknownError } from './errors.ts'
import { selectEvents } from './read-events.sql.ts'

/** A status change of a media row. */
export interface MediaChange {
  readonly mediaId: string
  readonly postId: string
  readonly what: 'fate' | 'archive' | 'analysis'
  readonly from: string | null
  readonly to: string
}

/** An import's progress: a snapshot of its row. */
export interface ImportChange {
  readonly runId: string
  readonly status: string
  readonly bytesTotal: number
  readonly bytesRead: number
  readonly postsProcessed: number
  readonly postsNew: number
  readonly postsKnown: number
  readonly postsRejected: number
  readonly mediaFound: number
  readonly mediaNew: number
  readonly mediaRefreshed: number
  readonly error: string | null
}

/** The changes that one statement made. */
export type LoggedEvent = {
  readonly number: number
  readonly createdAt: Date
} & (
  | { readonly kind: 'media'; readonly changes: readonly MediaChange[] }
  | { readonly kind: 'import'; readonly changes: readonly ImportChange[] }
)

export interface ReadOptions {
  readonly limit: number
  /** The last number to read; default: no limit. */
  readonly through?: number
}

/**
 * Reads numbered events after a given number, in order. Continuing from the last one misses nothing.
 *
 * @throws CursorExpiredError if some of them are pruned
 */
export async function readEvents(
  sql: Sql,
  after: number,
  { limit, through }: ReadOptions,
): Promise<LoggedEvent[]> {
  const { rows: selected } = await selectEvents(sql, [after, limit, through ?? null])
  // The statements that report events write these shapes.
  const rows = selected as LoggedEvent[]
  // Numbers have no gaps: a missing event was pruned, perhaps just now.
  const [first] = rows
  const pruned = first ? first.number - 1 : (await readSharedLog(sql, undefined)).pruned
  if (after < pruned) throw expired(String(after), pruned)
  return rows
}

/**
 * Converts a cursor to the current epoch. One from an earlier epoch is valid while both epochs share its events.
 *
 * @throws CursorExpiredError, CursorUnknownError
 */
export async function assertServed(sql: Sql, cursor: EventCursor): Promise<EventCursor> {
  const { epoch, pruned, last, shared } = await readSharedLog(sql, cursor.epoch)
  const given = formatCursor(cursor)
  if (shared === null) throw new CursorUnknownError(`Cursor ${given} belongs to another database. ${RELOAD}`)
  if (cursor.after < pruned) throw expired(given, pruned)
  if (cursor.after > shared || (cursor.after === shared && cursor.seen > 0))
    throw new CursorUnknownError(
      shared === last
        ? `Cursor ${given} is ahead of the log, which ends at ${last}: it belongs to another database. ${RELOAD}`
        : `The database was restored, or another server took over: it has the events up to ${shared} that cursor ${given} knows, and others since. ${RELOAD}`,
    )
  return { ...cursor, epoch }
}

const RELOAD = 'Read the present state, and subscribe again without a cursor.'

function expired(given: string, pruned: number): CursorExpiredError {
  return new CursorExpiredError(
    `Events after cursor ${given} are pruned; the oldest cursor still served is ${pruned}. ${RELOAD}`,
    pruned,
  )
}
