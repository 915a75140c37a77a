import type { Sql } from '@mediakeep/sql'
import { formatCursor, type EventCursor } from './cursor.ts'
import { readSharedLog } from './epoch.ts'
import { CursorExpiredError, CursorUnknownError } from './errors.ts'

/** A status of a media row that changed. */
export interface MediaChange {
  readonly mediaId: string
  readonly postId: string
  readonly what: 'fate' | 'archive' | 'analysis'
  readonly from: string | null
  readonly to: string
}

/** Where an import stands: a snapshot of its row. */
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

/** What one statement changed. */
export type LoggedEvent = {
  readonly number: number
  readonly createdAt: Date
} & (
  | { readonly kind: 'media'; readonly changes: readonly MediaChange[] }
  | { readonly kind: 'import'; readonly changes: readonly ImportChange[] }
)

export interface ReadOptions {
  readonly limit: number
  /** The last number to read; without it, all there are. */
  readonly through?: number
}

/**
 * Numbered events behind a number, in order. Whoever reads on from the last one misses nothing.
 *
 * @throws CursorExpiredError when some of them are pruned
 */
export async function readEvents(
  sql: Sql,
  after: number,
  { limit, through }: ReadOptions,
): Promise<LoggedEvent[]> {
  const { rows } = await sql.query<LoggedEvent>(
    `SELECT number, kind, changes, created_at AS "createdAt" FROM mediakeep.events
     WHERE number > $1 AND ($3::bigint IS NULL OR number <= $3) ORDER BY number LIMIT $2`,
    [after, limit, through ?? null],
  )
  // Numbers have no gaps: what is not there was pruned, be it a moment ago.
  const [first] = rows
  const pruned = first ? first.number - 1 : (await readSharedLog(sql, undefined)).pruned
  if (after < pruned) throw expired(String(after), pruned)
  return rows
}

/**
 * A cursor as the present epoch has it. One of an earlier epoch is served while both have the same events up to it.
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
