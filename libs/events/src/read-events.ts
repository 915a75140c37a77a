import type { Sql } from '@mediakeep/sql'
import { formatCursor, type EventCursor } from './cursor.ts'
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
  const pruned = first ? first.number - 1 : (await readLogBounds(sql)).pruned
  if (after < pruned) throw expired(String(after), pruned)
  return rows
}

/** From where to where the log can be read: cursors from `pruned` to `last` are served. */
async function readLogBounds(sql: Sql): Promise<{ pruned: number; last: number }> {
  const { rows } = await sql.query<{ pruned: number; last: number }>(
    'SELECT pruned_number AS pruned, last_number AS last FROM mediakeep.event_log',
  )
  return rows[0]!
}

/** @throws CursorExpiredError, CursorUnknownError */
export async function assertServed(sql: Sql, cursor: EventCursor): Promise<void> {
  const { pruned, last } = await readLogBounds(sql)
  const given = formatCursor(cursor)
  if (cursor.after < pruned) throw expired(given, pruned)
  if (cursor.after > last || (cursor.after === last && cursor.seen > 0))
    throw new CursorUnknownError(
      `Cursor ${given} is ahead of the log, which ends at ${last}: it is of another database.`,
    )
}

function expired(given: string, pruned: number): CursorExpiredError {
  return new CursorExpiredError(
    `Events after cursor ${given} are pruned; the oldest cursor still served is ${pruned}. ` +
      'Read the present state, and subscribe again without a cursor.',
    pruned,
  )
}
